using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace WoSignDoc.Tests.Support;

/// <summary>Bodies as the platform pushes them.</summary>
internal static class Pushes
{
    internal static byte[] Signed(byte[] document, string orderNumber = "A-1", string? hash = null, string signId = "S-1") =>
        Encoding.UTF8.GetBytes(
            "{\"actiontype\":\"PushSignedDoc\",\"status\":1,\"errorcode\":\"0\",\"extendData\":{"
            + $"\"signid\":\"{signId}\",\"ordernumber\":\"{orderNumber}\","
            + $"\"content\":\"{Convert.ToBase64String(document)}\",\"hash\":\"{hash ?? Sha256(document)}\"}}}}");

    internal static byte[] Failed(string orderNumber = "A-1", string codes = "-50&-61") =>
        FailedOf($"\"signid\":\"S-1\",\"ordernumber\":\"{orderNumber}\"", codes);

    /// <summary>A failure with these members as its ids, if any.</summary>
    internal static byte[] FailedOf(string ids, string codes = "-50&-61") =>
        Encoding.UTF8.GetBytes(
            $"{{\"actiontype\":\"PushSignedDoc\",\"status\":0,\"errorcode\":\"{codes}\",\"extendData\":{{{ids}}}}}");

    internal static byte[] Document(int length, int seed = 1)
    {
        byte[] document = new byte[length];
        new Random(seed).NextBytes(document);
        return document;
    }

    internal static string Sha256(byte[] bytes)
    {
        using var sha256 = SHA256.Create();
        return BitConverter.ToString(sha256.ComputeHash(bytes)).Replace("-", string.Empty).ToLowerInvariant();
    }

    internal static MemoryStream Stream(byte[] body) => new(body, writable: false);
}

/// <summary>A stream such as a socket's: it cannot seek and gives what it likes.</summary>
internal sealed class Dripping(byte[] content, int piece) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int length = Math.Min(Math.Min(piece, count), content.Length - _at);
        Array.Copy(content, _at, buffer, offset, length);
        _at += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
