using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Interop;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Where documents lie until the site's function has stored them, and what becomes of those of killed processes.</summary>
public sealed class SpoolTests
{
    private static readonly byte[] Document = Pushes.Document(20_000);
    private static readonly byte[] Body = Pushes.Signed(Document);

    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    [Test]
    public void Missing_folders_are_made_for_this_user_alone()
    {
        string spool = Path.Combine(_folder, "a", "spool"), deliveries = Path.Combine(_folder, "b", "deliveries");
        PushEndpoint endpoint = Endpoint(static _ => { }, spool, new FileDeliveryStore(deliveries));
        foreach (string made in new[] { spool, Path.Combine(_folder, "a"), deliveries, Path.Combine(_folder, "b") })
        {
            Assert.That(Mode(made), Is.EqualTo("700"), made);
        }

        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Acknowledged, Is.True);
    }

    [Test]
    public void Folders_that_cannot_be_used_are_refused_at_once()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "no folder");
        foreach (string wrong in new[] { file, Path.Combine(file, "below"), "/proc/nothing", "/dev/null" })
        {
            FileException failure = Assert.Throws<FileException>(() => Endpoint(static _ => { }, wrong))!;
            Assert.That((failure.Reason, failure.Field), Is.EqualTo(("file_unwritable", "folder")));
            Assert.That(failure.MessageEn, Does.Contain(wrong));
            Assert.That(failure.MessageZh, Does.Contain($"无法在目录 {wrong} 中创建文件"));
            Assert.Throws<FileException>(() => Endpoint(static _ => { }, _folder, new FileDeliveryStore(wrong)));
        }
    }

    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task A_check_says_what_is_wrong_now(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        string spool = Path.Combine(_folder, "spool");
        PushEndpoint endpoint = Endpoint(static _ => { }, spool, make(_folder, null));
        await endpoint.CheckAsync();
        await endpoint.CheckAsync();
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Acknowledged, Is.True);
        Directory.Delete(spool, recursive: true);
        File.WriteAllText(spool, "no folder");
        FileException failure = Assert.ThrowsAsync<FileException>(() => endpoint.CheckAsync())!;
        Assert.That(failure.Message, Does.Contain(spool));
    }

    /// <summary>What older C libraries have no function for, the kernel tells by its number.</summary>
    [Test]
    public void The_kernel_tells_the_owner_where_the_C_library_does_not()
    {
        RunningProgram.Run("chmod", $"710 {_folder}");
        Assert.That(Posix.Look(_folder, direct: true), Is.EqualTo(Posix.Look(_folder)));
        Assert.That(Posix.Look(_folder, direct: true)?.Mode, Is.EqualTo(0x1C8)); // 0710
        Assert.That(Posix.Look(Path.Combine(_folder, "nothing"), direct: true), Is.Null);
    }

    /// <summary>Whoever made the folder; in its place the file is as all new ones.</summary>
    [Test]
    public void Nobody_else_can_read_a_document_that_waits()
    {
        RunningProgram.Run("chmod", $"777 {_folder}");
        string kept = Path.Combine(_folder, "kept.pdf"), other = Path.Combine(_folder, "other");
        var modes = new List<string>();
        PushEndpoint endpoint = Endpoint(
            push =>
            {
                modes.Add(Mode(push.Path!));
                modes.Add(Mode(Path.GetDirectoryName(push.Path)!));
                push.MoveTo(kept);
            },
            _folder);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Acknowledged, Is.True);
        Assert.That(modes, Is.EqualTo(new[] { "600", "700" }));
        RunningProgram.Run("touch", other);
        Assert.That(Mode(kept), Is.EqualTo(Mode(other)));
    }

    /// <summary>Also for a column of a database, and after a move.</summary>
    [Test]
    public void The_document_is_never_empty()
    {
        ReceivedPush? seen = null;
        PushEndpoint endpoint = Endpoint(push => Assert.That(push.Document.ToArray(), Is.EqualTo(Document)), _folder);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        endpoint = Endpoint(
            push =>
            {
                push.MoveTo(Path.Combine(_folder, "kept.pdf"));
                Assert.That(push.Document.ToArray(), Is.EqualTo(Document));
            },
            _folder);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        endpoint = Endpoint(push => seen = push, _folder);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        FileException gone = Assert.Throws<FileException>(() => _ = seen!.Document)!;
        Assert.That(gone.Advice, Does.Contain("before the endpoint's function returns"));
        Assert.Throws<FileException>(() => seen!.OpenRead().Dispose());
    }

    /// <summary>The next process removes it, and leaves alone what a living one is at work on.</summary>
    [Test]
    public void What_a_killed_process_left_is_removed()
    {
        string spool = Path.Combine(_folder, "spool"), same = Path.Combine(_folder, "same");
        string[] waiting;
        using (RunningProgram site = NativeLibraryTests.StartProbe($"hang {spool}", WoSignDocLibrary.LoadedFrom))
        {
            site.WaitForLine("running");
            waiting = Documents(spool);
            Assert.That(waiting, Has.Length.EqualTo(1));
            Endpoint(static _ => { }, spool);
            Assert.That(Documents(spool), Is.EqualTo(waiting), "a living process's");
        }

        Assert.That(Documents(spool), Is.EqualTo(waiting), "it was killed");
        // By another name: a program looks once for each.
        RunningProgram.Run("ln", $"-s {spool} {same}");
        Endpoint(static _ => { }, same);
        Assert.That(Directory.GetFileSystemEntries(spool), Is.Empty);
    }

    /// <summary>Not a link, and not a folder that may just be being made.</summary>
    [Test]
    public void Only_leftovers_are_removed()
    {
        string elsewhere = Path.Combine(_folder, "elsewhere"), spool = Path.Combine(_folder, "spool");
        Directory.CreateDirectory(elsewhere);
        File.WriteAllText(Path.Combine(elsewhere, "lock"), string.Empty);
        File.WriteAllText(Path.Combine(elsewhere, "kept"), "a document");
        foreach (string name in new[] { "fresh", "old", "dead/more" })
        {
            Directory.CreateDirectory(Path.Combine(spool, "wosigndoc-net-" + name));
        }

        RunningProgram.Run("ln", $"-s {elsewhere} {spool}/wosigndoc-net-link");
        RunningProgram.Run("ln", $"-s {elsewhere} {spool}/wosigndoc-net-dead/more/link");
        File.WriteAllText(Path.Combine(spool, "wosigndoc-net-dead", "lock"), string.Empty);
        RunningProgram.Run("touch", $"-d 2001-01-01 {spool}/wosigndoc-net-old");
        Endpoint(static _ => { }, spool);
        Assert.That(
            Directory.GetFileSystemEntries(spool).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "wosigndoc-net-fresh", "wosigndoc-net-link" }));
        Assert.That(File.Exists(Path.Combine(elsewhere, "kept")), Is.True);
    }

    private static PushEndpoint Endpoint(Action<ReceivedPush> function, string folder, IDeliveryStore? store = null) =>
        new(
            (push, _) =>
            {
                function(push);
                return Task.CompletedTask;
            },
            new PushEndpointOptions { Folder = folder, DeliveryStore = store });

    private static string[] Documents(string spool) =>
        Directory.GetFiles(spool, "push.pdf", SearchOption.AllDirectories);

    private static string Mode(string path) => RunningProgram.Run("stat", $"-c %a {path}").Trim();
}
