using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;

namespace WoSignDoc;

/// <summary>
/// A delivery store in a folder, for sites without a database; every process of the site may share it. A claim
/// is a numbered file that only one process can create; an expired claim is taken over by creating the next
/// number, so no lock is needed and none can be left behind. The files lie in 256 subfolders, by the first two
/// hex digits of their names. Those that end in <c>.done</c> stay: without one, the same push would be processed
/// again.
/// </summary>
public sealed class FileDeliveryStore : IDeliveryStore
{
    private readonly string _folder;
    private readonly long _expiry;

    /// <summary>A store in this folder, which is made when it is not there.</summary>
    /// <param name="folder">Belongs to this store alone.</param>
    /// <param name="expiry">
    /// After which time a claim of a process that died may be claimed anew: longer than the site's function ever
    /// takes. Null: 15 minutes.
    /// </param>
    public FileDeliveryStore(string folder, TimeSpan? expiry = null)
    {
        _folder = Path.GetFullPath(Argument.NotEmpty(folder, nameof(folder)));
        _expiry = Expiry.Seconds(expiry);
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Claim(NameOf(key), owner));

    /// <inheritdoc/>
    public Task CompleteAsync(string key, CancellationToken cancellationToken)
    {
        string name = NameOf(key);
        if (TryCreate(DoneFile(name), key))
        {
            OwnFiles.FlushFolder(FolderOf(name));
            OwnFiles.FlushFolder(_folder);
        }

        RemoveClaims(name);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken)
    {
        string name = NameOf(key);
        foreach (string claim in Claims(name).Select(number => ClaimFile(name, number)))
        {
            if (IsOf(claim, owner))
            {
                File.Delete(claim);
            }
        }

        return Task.CompletedTask;
    }

    private DeliveryClaim Claim(string name, string owner)
    {
        if (File.Exists(DoneFile(name)))
        {
            return DeliveryClaim.Done;
        }

        int latest = Claims(name).DefaultIfEmpty(0).Max();
        if (latest > 0 && !Expired(ClaimFile(name, latest)))
        {
            return DeliveryClaim.Busy;
        }

        if (!TryCreate(ClaimFile(name, latest + 1), owner))
        {
            return DeliveryClaim.Busy;
        }

        // Another may have finished between the first look and the claim.
        if (File.Exists(DoneFile(name)))
        {
            RemoveClaims(name);
            return DeliveryClaim.Done;
        }

        return DeliveryClaim.Granted;
    }

    /// <summary>SHA-256 of a key, lower-case hex: a name that any file system takes.</summary>
    private static string NameOf(string key)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
#if NET8_0_OR_GREATER
        return Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
#else
        using var sha256 = SHA256.Create();
        return string.Concat(sha256.ComputeHash(bytes).Select(static one => one.ToString("x2")));
#endif
    }

    private static bool IsOf(string claim, string owner)
    {
        try
        {
            return File.ReadAllText(claim) == owner;
        }
        catch (FileNotFoundException)
        {
            return false; // It ended a moment ago.
        }
    }

    private string FolderOf(string name) => Path.Combine(_folder, name.Substring(0, 2));

    private string DoneFile(string name) => Path.Combine(FolderOf(name), name + ".done");

    private string ClaimFile(string name, int number) =>
        Path.Combine(FolderOf(name), name + "." + number.ToString(CultureInfo.InvariantCulture) + ".claim");

    private int[] Claims(string name)
    {
        string folder = FolderOf(name);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.GetFiles(folder, name + ".*.claim").Select(static path =>
                int.Parse(Path.GetFileName(path).Split('.')[1], CultureInfo.InvariantCulture))];
    }

    private bool Expired(string claim)
    {
        DateTime written = File.GetLastWriteTimeUtc(claim);
        // A file that is gone has a time of centuries ago. Its claim just ended, and whoever comes next may
        // claim anew from the first number; taking it over with the next one could grant two at once.
        return written.Year > 1970 && (DateTime.UtcNow - written).TotalSeconds >= _expiry;
    }

    private void RemoveClaims(string name)
    {
        foreach (int number in Claims(name))
        {
            File.Delete(ClaimFile(name, number));
        }
    }

    /// <summary>Creates a file and brings it to the disk; false when it is there already.</summary>
    private static bool TryCreate(string path, string content)
    {
        FileStream file;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }

        try
        {
            using (file)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(content);
                file.Write(bytes, 0, bytes.Length);
                file.Flush(flushToDisk: true);
            }

            return true;
        }
        catch
        {
            // Left there, as on a full disk, it would pass for somebody's claim, or for a push that is done.
            File.Delete(path);
            throw;
        }
    }
}
