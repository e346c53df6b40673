using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace WoSignDoc.Tests.Support;

/// <summary>Certificates with their keys, in the old encryption of PKCS#12 that Mono reads too.</summary>
internal static class Certificates
{
    private static readonly Lazy<X509Certificate2> Client = new(static () => Load(ClientFile));
    private static readonly Lazy<X509Certificate2> Server = new(static () => Load(Bundle(
        Path.Combine(Platform.One.Folder, "server.pem"), Path.Combine(Platform.One.Folder, "server.key"))));

    private static readonly Lazy<string> Pkcs12 = new(static () => Bundle(
        Path.Combine(Platform.One.Folder, "client.pem"),
        Path.Combine(Platform.One.Folder, "client.key"),
        JsonNode.Parse(File.ReadAllText(Platform.One.ClientJson))!["identity"]!["passphrase"]!.GetValue<string>()));

    /// <summary>The one that the sandbox made for its client.</summary>
    internal static X509Certificate2 OfClient => Client.Value;

    /// <summary>The sandbox's own, for servers on 127.0.0.1 that its clients trust.</summary>
    internal static X509Certificate2 OfServer => Server.Value;

    /// <summary>The client's PKCS#12 file; its passphrase is x.</summary>
    internal static string ClientFile => Pkcs12.Value;

    /// <summary>A new certificate of its own, valid from today.</summary>
    internal static X509Certificate2 New(int days)
    {
        string folder = Repository.NewFolder(), pem = Path.Combine(folder, "a.pem"), key = Path.Combine(folder, "a.key");
        RunningProgram.Run(
            "openssl",
            $"req -x509 -newkey rsa:2048 -nodes -keyout {key} -out {pem} -subj /CN=shop.example -days {days}");
        return Load(Bundle(pem, key));
    }

    internal static X509Certificate2 Load(string file) =>
#if NET
        X509CertificateLoader.LoadPkcs12FromFile(file, "x", X509KeyStorageFlags.Exportable);
#else
        new(file, "x", X509KeyStorageFlags.Exportable);
#endif

    /// <summary>The certificate alone, without its key.</summary>
    internal static X509Certificate2 WithoutKey(X509Certificate2 certificate) => Of(certificate.RawData);

    /// <summary>The certificate that is in DER.</summary>
    internal static X509Certificate2 Of(byte[] der) =>
#if NET
        X509CertificateLoader.LoadCertificate(der);
#else
        new(der);
#endif

    private static string Bundle(string certificate, string key, string passphrase = "none")
    {
        string file = Path.Combine(Repository.NewFolder(), "identity.p12");
        RunningProgram.Run(
            "openssl",
            $"pkcs12 -export -in {certificate} -inkey {key} -passin env:KEY_PASSPHRASE -out {file} -passout pass:x "
            + "-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1",
            new Dictionary<string, string?> { ["KEY_PASSPHRASE"] = passphrase });
        return file;
    }
}
