using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Receiving a push: whole, in pieces, into memory, a buffer or a file.</summary>
public sealed class ReceiverTests
{
    private static readonly byte[] Document = Pushes.Document(200_000);
    private static readonly byte[] Body = Pushes.Signed(Document);

    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    /// Covers P-30, P-31: a whole body.
    [Test]
    public void A_whole_body_gives_the_document()
    {
        ReceivedPush push = PushReceiver.Receive(Body);
        Assert.Multiple(() =>
        {
            Assert.That(push.Failed, Is.False);
            Assert.That(push.Document.ToArray(), Is.EqualTo(Document));
            Assert.That((push.SignId, push.OrderNumber), Is.EqualTo(("S-1", "A-1")));
            Assert.That(push.Sha256, Is.EqualTo(Pushes.Sha256(Document)));
            Assert.That((push.HashAlgorithm, push.HashEncoding), Is.EqualTo(("sha256", "hex")));
            Assert.That(push.Length, Is.EqualTo(Document.Length));
            Assert.That(push.Path, Is.Null);
        });
        using Stream stream = push.OpenRead();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(Document));
    }

    [Test]
    public void The_callers_buffer_is_filled()
    {
        byte[] buffer = new byte[Body.Length];
        ReceivedPush push = PushReceiver.ReceiveInto(Body, buffer.AsMemory(5));
        Assert.That(push.Length, Is.EqualTo(Document.Length));
        Assert.That(buffer.Skip(5).Take(Document.Length), Is.EqualTo(Document));
        Assert.That(push.Document.ToArray(), Is.EqualTo(Document));
    }

    [Test]
    public void A_small_buffer_is_a_wrong_call()
    {
        InvalidCallException exception =
            Assert.Throws<InvalidCallException>(() => PushReceiver.ReceiveInto(Body, new byte[Document.Length - 1]))!;
        Assert.That(exception.Reason, Is.EqualTo("buffer_too_small"));
        Assert.Throws<InvalidCallException>(() => PushReceiver.ReceiveInto(Body, Memory<byte>.Empty));
        Assert.Throws<ArgumentException>(() => PushReceiver.ToBuffer(Memory<byte>.Empty));
        Assert.That(PushReceiver.ReceiveInto(Pushes.Failed(), Memory<byte>.Empty).Failed, Is.True);
    }

    [Test]
    public void Pieces_go_into_a_buffer_that_stays_where_it_is()
    {
        byte[] buffer = new byte[Document.Length];
        using (PushReceiver receiver = PushReceiver.ToBuffer(buffer))
        {
            for (int at = 0; at < Body.Length; at += 999)
            {
                receiver.Feed(Body.AsSpan(at, Math.Min(999, Body.Length - at)));
                if (at % 50 == 0)
                {
                    GC.Collect(); // A buffer that is not pinned would move.
                }
            }

            Assert.That(receiver.Finish().Document.ToArray(), Is.EqualTo(Document));
        }

        Assert.That(buffer, Is.EqualTo(Document));
    }

    /// Covers P-30: nothing is there under the name before the hash held.
    [Test]
    public async Task A_stream_goes_into_a_file()
    {
        string path = Path.Combine(_folder, "合同.pdf");
        ReceivedPush push = PushReceiver.ReadToFile(new Dripping(Body, 1000), path);
        Assert.That(push.Path, Is.EqualTo(path));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(Document));

        string other = Path.Combine(_folder, "b.pdf");
        await PushReceiver.ReadToFileAsync(new Dripping(Body, 70_000), other);
        Assert.That(File.ReadAllBytes(other), Is.EqualTo(Document));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_whole_body_goes_into_a_file_that_may_be_protected()
    {
        string path = Path.Combine(_folder, "a.pdf");
        Assert.That(PushReceiver.ReceiveToFile(Body, path).Path, Is.EqualTo(path));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(Document));
        PushReceiver.ReceiveToFile(Body, path);
        var options = new PushOptions { Overwrite = false };
        Assert.That(PushReceiver.ReceiveToFile(Body, path, options).AlreadyStored, Is.True);
        Assert.Throws<FileException>(
            () => PushReceiver.ReceiveToFile(Pushes.Signed([1, 2, 3]), path, options));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(Document));
    }

    /// Covers P-30, P-31: what did not arrive whole, or is not what its hash says, leaves nothing.
    [Test]
    public void What_is_wrong_leaves_nothing_behind()
    {
        string path = Path.Combine(_folder, "a.pdf");
        Assert.Multiple(() =>
        {
            Assert.Throws<ProtocolException>(
                () => PushReceiver.ReadToFile(Pushes.Stream([.. Body.Take(Body.Length / 2)]), path));
            Assert.Throws<IntegrityException>(
                () => PushReceiver.ReadToFile(Pushes.Stream(Pushes.Signed(Document, hash: new string('0', 64))), path));
            Assert.Throws<ProtocolException>(() => PushReceiver.ReadToFile(Pushes.Stream([1, 2, 3]), path));
            Assert.Throws<FileException>(
                () => PushReceiver.ReadToFile(Pushes.Stream(Body), Path.Combine(_folder, "none", "a.pdf")));
        });
        PushReceiver unfinished = PushReceiver.ToFile(path);
        unfinished.Feed(Body.AsSpan(0, Body.Length - 1));
        unfinished.Dispose();
        unfinished.Dispose();
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
        Assert.Throws<ObjectDisposedException>(() => unfinished.Feed(Body));
    }

    [Test]
    public void A_cancelled_stream_leaves_nothing_behind()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(
            async () => await PushReceiver.ReadToFileAsync(
                new MemoryStream(Body), Path.Combine(_folder, "a.pdf"), null, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public void A_receiver_serves_once()
    {
        using PushReceiver receiver = PushReceiver.ToMemory();
        receiver.Feed(Body);
        Assert.That(receiver.Finish().Document.ToArray(), Is.EqualTo(Document));
        Assert.That(Assert.Throws<InvalidCallException>(() => receiver.Feed(Body))!.Reason, Is.EqualTo("handle_spent"));
        Assert.Throws<InvalidCallException>(() => receiver.Finish());
    }

    /// Covers P-33: whose push it must be.
    [Test]
    public void A_push_for_another_order_is_not_trusted()
    {
        var options = new PushOptions { ExpectedOrderNumber = "A-2" };
        Assert.That(
            Assert.Throws<UntrustedException>(() => PushReceiver.Receive(Body, options))!.Reason,
            Is.EqualTo("unexpected_order"));
        Assert.Throws<UntrustedException>(
            () => PushReceiver.Receive(Body, new PushOptions { ExpectedSignId = "S-2" }));
        Assert.DoesNotThrow(() => PushReceiver.Receive(
            Body, new PushOptions { ExpectedOrderNumber = "A-1", ExpectedSignId = "S-1" }));
    }

    [Test]
    public void Limits_hold()
    {
        Assert.That(
            Assert.Throws<ProtocolException>(
                () => PushReceiver.Receive(Body, new PushOptions { BodyLimit = 1000 }))!.Reason,
            Is.EqualTo("push_too_large"));
        Assert.Throws<ProtocolException>(
            () => PushReceiver.Receive(Body, new PushOptions { EnvelopeLimit = 16 }));
        Assert.Throws<ProtocolException>(() => PushReceiver.Receive(Body, new PushOptions { DepthLimit = 1 }));
    }

    /// Covers P-32: a failed order is received too.
    [Test]
    public void A_failed_order_has_codes_and_no_document()
    {
        ReceivedPush push = PushReceiver.ReceiveToFile(Pushes.Failed(), Path.Combine(_folder, "a.pdf"));
        Assert.Multiple(() =>
        {
            Assert.That(push.Failed, Is.True);
            Assert.That(push.ErrorCodes, Is.EqualTo(new[] { -50, -61 }));
            Assert.That(push.Errors.Select(static one => one.Code), Is.EqualTo(new[] { -50, -61 }));
            Assert.That(push.Errors, Has.All.Property("Message").Not.Empty.And.All.Property("MessageZh").Not.Empty);
            Assert.That(push.Errors, Has.All.Property("Retry").False);
            Assert.That(push.Acknowledgement, Is.EqualTo("1"));
            Assert.That(push.Path, Is.Null);
            Assert.Throws<InvalidOperationException>(() => push.OpenRead());
            Assert.Throws<InvalidOperationException>(() => push.MoveTo(Path.Combine(_folder, "b.pdf")));
        });
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public async Task A_document_is_moved_copied_and_read_from_memory_and_from_a_file()
    {
        string file = Path.Combine(_folder, "a.pdf"), target = Path.Combine(_folder, "b.pdf");
        File.WriteAllText(target, "an older one");
        foreach (ReceivedPush push in new[] { PushReceiver.ReceiveToFile(Body, file), PushReceiver.Receive(Body) })
        {
            var copy = new MemoryStream();
            await push.CopyToAsync(copy);
            Assert.That(copy.ToArray(), Is.EqualTo(Document));
            push.MoveTo(target);
            Assert.That(File.ReadAllBytes(target), Is.EqualTo(Document));
        }

        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { target }));
    }
}
