using System;
using System.IO;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Moving a document to where it stays.</summary>
public sealed class MoveTests
{
    private const string OtherDisk = "/dev/shm";

    private static readonly byte[] Document = Pushes.Document(200_000);
    private static readonly byte[] Body = Pushes.Signed(Document);

    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    [Test]
    public void A_relative_path_stays_where_it_was_when_the_program_goes_elsewhere()
    {
        string before = Directory.GetCurrentDirectory(), full = Path.Combine(_folder, "a.pdf");
        try
        {
            Directory.SetCurrentDirectory(_folder);
            ReceivedPush push = PushReceiver.ReceiveToFile(Body, "a.pdf");
            push.MoveTo("a.pdf");
            Assert.That(File.ReadAllBytes(full), Is.EqualTo(Document), "both are one file");
            using PushReceiver receiver = PushReceiver.ToFile("b.pdf");
            Directory.SetCurrentDirectory(before);
            receiver.Feed(Body);
            ReceivedPush other = receiver.Finish();
            Assert.That((push.Path, other.Path), Is.EqualTo((full, Path.Combine(_folder, "b.pdf"))));
            Assert.That(File.ReadAllBytes(other.Path!), Is.EqualTo(Document));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [Test]
    public void A_document_stays_when_it_is_moved_onto_itself_by_another_name()
    {
        string real = Path.Combine(_folder, "real", "a.pdf"), link = Path.Combine(_folder, "link");
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        Link(Path.GetDirectoryName(real)!, link);
        ReceivedPush push = PushReceiver.ReceiveToFile(Body, Path.Combine(link, "a.pdf"));
        push.MoveTo(real);
        Assert.That(File.ReadAllBytes(real), Is.EqualTo(Document));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(real)!), Is.EqualTo(new[] { real }));
    }

    [Test]
    public void A_document_is_moved_across_disks()
    {
        string source = OnOtherDisk(), target = Path.Combine(_folder, "a.pdf");
        foreach (string existing in new[] { "none", "one" })
        {
            PushReceiver.ReceiveToFile(Body, source).MoveTo(target);
            Assert.That(File.ReadAllBytes(target), Is.EqualTo(Document), existing);
            Assert.That(File.Exists(source), Is.False, existing);
        }

        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { target }));
    }

    /// <summary>On any disk: what is written in place could be cut short, and would be seen by readers.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void A_link_at_the_target_is_replaced_and_not_followed(bool otherDisk)
    {
        string linked = Path.Combine(_folder, "linked"), target = Path.Combine(_folder, "a.pdf");
        File.WriteAllText(linked, "precious");
        Link(linked, target);
        string source = otherDisk ? OnOtherDisk() : Path.Combine(_folder, "source.pdf");
        PushReceiver.ReceiveToFile(Body, source).MoveTo(target);
        Assert.That(File.ReadAllText(linked), Is.EqualTo("precious"));
        Assert.That(File.ReadAllBytes(target), Is.EqualTo(Document));
        Assert.That(File.Exists(source), Is.False);
    }

    [Test]
    public void A_document_that_cannot_be_moved_stays_where_it_is()
    {
        string source = Path.Combine(_folder, "a.pdf"), target = Path.Combine(_folder, "folder");
        Directory.CreateDirectory(target);
        ReceivedPush push = PushReceiver.ReceiveToFile(Body, source);
        Assert.That(Assert.Throws<FileException>(() => push.MoveTo(target))!.Reason, Is.EqualTo("file_unwritable"));
        Assert.That(push.Path, Is.EqualTo(source));
        Assert.That(File.ReadAllBytes(source), Is.EqualTo(Document));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { source }));
    }

    private static void Link(string target, string link) => RunningProgram.Run("ln", $"-s {target} {link}");

    private static string OnOtherDisk()
    {
        Assume.That(Directory.Exists(OtherDisk), "there is no second disk here");
        return Path.Combine(OtherDisk, $"wosigndoc-{Guid.NewGuid():N}.pdf");
    }
}
