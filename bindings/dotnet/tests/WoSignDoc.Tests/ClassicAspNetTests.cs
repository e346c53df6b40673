#if NETFRAMEWORK
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>
/// The classic ASP.NET example: an IHttpHandler in Mono's FastCGI server behind nginx, with pushes of the tests
/// and of the platform.
/// </summary>
public sealed class ClassicAspNetTests
{
    private string _site = string.Empty;
    private string _url = string.Empty;
    private int _port;
    private RunningProgram? _fastCgi;
    private RunningProgram? _nginx;

    [OneTimeSetUp]
    public void StartSite()
    {
        _site = Repository.NewFolder();
        string built = Repository.Built("PushSite", string.Empty);
        string bin = Directory.CreateDirectory(Path.Combine(_site, "bin")).FullName;
        foreach (string name in new[] { "Push.ashx", "Web.config" })
        {
            File.Copy(Path.Combine(built, name), Path.Combine(_site, name));
        }

        foreach (string file in Directory.GetFiles(built, "*.dll"))
        {
            File.Copy(file, Path.Combine(bin, Path.GetFileName(file)));
        }

        // As the package deploys it for .NET Framework.
        File.Copy(WoSignDocLibrary.LoadedFrom, Path.Combine(bin, "libwosigndoc.so"));
        StartServers();
    }

    [OneTimeTearDown]
    public void StopSite()
    {
        _nginx?.Dispose();
        _fastCgi?.Dispose();
    }

    /// Covers P-30: stored, then acknowledged; acknowledged again without being stored twice.
    [Test]
    public void A_push_is_stored_and_acknowledged()
    {
        byte[] document = Pushes.Document(5_000_000);
        byte[] body = Pushes.Signed(document, signId: "classic-1");
        Assert.That(Post(body), Is.EqualTo((200, "1")), Log);
        string kept = Kept(document);
        Assert.That(File.ReadAllBytes(kept).SequenceEqual(document), Is.True);
        File.Delete(kept);
        Assert.That(Post(body), Is.EqualTo((200, "1")), Log);
        Assert.That(File.Exists(kept), Is.False, "it reached the function twice");
    }

    /// Covers P-33: the sender is not known, so what it says is no part of a path.
    [Test]
    public void An_id_that_is_a_path_stays_in_the_folder()
    {
        byte[] document = Pushes.Document(1000, seed: 2);
        Assert.That(Post(Pushes.Signed(document, "../y", signId: "../x")), Is.EqualTo((200, "1")), Log);
        Assert.That(File.ReadAllBytes(Kept(document)), Is.EqualTo(document));
        Assert.That(Directory.GetFiles(_site, "*.pdf"), Is.Empty);
    }

    /// Covers P-31, P-32, P-35: what is wrong is not acknowledged, a failed order is.
    [Test]
    public void What_is_wrong_is_not_acknowledged()
    {
        Assert.That(Post(Pushes.Signed([1, 2, 3], hash: new string('0', 64))), Is.EqualTo((400, "not acknowledged: hash_mismatch")), Log);
        Assert.That(Post(Encoding.UTF8.GetBytes("{}")).Item1, Is.EqualTo(400));
        Assert.That(Post(Pushes.Failed("classic-2")), Is.EqualTo((200, "1")), Log);
        Assert.That(Request("GET", null).Item1, Is.EqualTo(405));
    }

    /// Covers P-30, P-40: the platform's own push.
    [Test]
    public void The_platforms_push_arrives()
    {
        using var platform = new Platform(null, _url);
        using WoSignDocClient client = WoSignDocClient.FromFile(platform.ClientJson);
        string[] before = KeptFiles();
        client.Create(Orders.Person());
        string? kept = null;
        for (int tries = 0; tries < 600 && kept is null; tries++)
        {
            Thread.Sleep(100);
            kept = KeptFiles().Except(before).SingleOrDefault();
        }

        Assert.That(kept, Is.Not.Null, Log);
        byte[] document = File.ReadAllBytes(kept!);
        Assert.That(Encoding.ASCII.GetString(document), Does.StartWith("%PDF-").And.Contain("/ByteRange"));
        Assert.That(kept, Is.EqualTo(Kept(document)));
    }

    private string Kept(byte[] document) => Path.Combine(_site, "App_Data", Pushes.Sha256(document) + ".pdf");

    /// <summary>Without those that are still being received.</summary>
    private string[] KeptFiles() =>
        [.. Directory.GetFiles(Path.Combine(_site, "App_Data"), "*.pdf")
            .Where(static path => !Path.GetFileName(path).StartsWith("wosigndoc-", System.StringComparison.Ordinal))];

    private string Log() => $"{_fastCgi!.Output}\n{_nginx!.Output}";

    private (int, string) Post(byte[] body) => Request("POST", body);

    private (int, string) Request(string method, byte[]? body)
    {
        var request = (HttpWebRequest)WebRequest.Create(_url);
        request.Method = method;
        request.Timeout = 120_000;
        if (body is not null)
        {
            request.ContentType = "application/json";
            using Stream stream = request.GetRequestStream();
            stream.Write(body, 0, body.Length);
        }

        HttpWebResponse response;
        try
        {
            response = (HttpWebResponse)request.GetResponse();
        }
        catch (WebException exception) when (exception.Response is HttpWebResponse refused)
        {
            response = refused;
        }

        using (response)
        using (var reader = new StreamReader(response.GetResponseStream()))
        {
            return ((int)response.StatusCode, reader.ReadToEnd());
        }
    }

    private void StartServers()
    {
        _port = RunningProgram.FreePort();
        int fastCgi = RunningProgram.FreePort();
        _url = $"http://127.0.0.1:{_port}/Push.ashx";
        _fastCgi = new RunningProgram(
            "fastcgi-mono-server4",
            $"/applications=/:{_site} /socket=tcp:127.0.0.1:{fastCgi} /printlog=True /loglevels=Error");
        string folder = Repository.NewFolder(), configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_max_body_size 256m;
              client_body_temp_path {{folder}}/body;
              fastcgi_temp_path {{folder}}/fastcgi;
              proxy_temp_path {{folder}}/proxy;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen 127.0.0.1:{{_port}};
                location / {
                  fastcgi_pass 127.0.0.1:{{fastCgi}};
                  include /etc/nginx/fastcgi_params;
                  fastcgi_param SCRIPT_FILENAME {{_site}}$fastcgi_script_name;
                  fastcgi_read_timeout 120s;
                }
              }
            }
            """);
        _nginx = new RunningProgram(File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx", $"-c {configuration}");
        WaitUntilServed();
    }

    private void WaitUntilServed()
    {
        for (int tries = 0; tries < 300; tries++)
        {
            try
            {
                if (Request("GET", null).Item1 == 405)
                {
                    return;
                }
            }
            catch (WebException)
            {
                // nginx is not there yet.
            }

            Thread.Sleep(200);
        }

        Assert.Fail("the site is not served: " + Log());
    }
}
#endif
