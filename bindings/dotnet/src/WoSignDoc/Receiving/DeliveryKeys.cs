using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace WoSignDoc.Receiving;

/// <summary>The names under which stores remember pushes.</summary>
internal static class DeliveryKeys
{
    /// <summary>Longest key, in bytes of UTF-8: what an indexed varchar takes in every database.</summary>
    private const int Longest = 191;

    /// <summary>
    /// Id and hash of a document; for a failure id and codes. Null for a push that names no order: two failures
    /// of different orders would be taken for one.
    /// </summary>
    internal static string? Of(ReceivedPush push)
    {
        string? id = string.IsNullOrEmpty(push.SignId) ? push.OrderNumber : push.SignId;
        if (string.IsNullOrEmpty(id))
        {
            return null;
        }

        string what = push.Failed ? "failed:" + push.Why : push.Sha256 ?? string.Empty;
        string key = $"{id}:{what}";
        return Encoding.UTF8.GetByteCount(key) <= Longest ? key : "sha256:" + Sha256Hex(key);
    }

    /// <summary>SHA-256 of a text, lower-case hex: a name that any file system takes.</summary>
    internal static string Sha256Hex(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
#if NET8_0_OR_GREATER
        return Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
#else
        using var sha256 = SHA256.Create();
        return string.Concat(sha256.ComputeHash(bytes).Select(static one => one.ToString("x2")));
#endif
    }
}
