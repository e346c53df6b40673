using System;
using System.IO;
using WoSignDoc.Interop;

namespace WoSignDoc;

/// <summary>Files that must be there after a power cut.</summary>
internal static class StoredFiles
{
    /// <summary>
    /// Renames a file, replacing what is there. False when that cannot be done, as across disks: never a copy,
    /// which a full disk would leave cut short under the target's name.
    /// </summary>
    internal static bool TryRename(string source, string target)
    {
        if (!OwnFiles.Rename(source, target))
        {
            return false;
        }

        OwnFiles.FlushFolder(Path.GetDirectoryName(target)!);
        return true;
    }

    /// <summary>
    /// Writes a document beside its target, brings it to the disk, and renames it; then removes the file that it
    /// came from, if any.
    /// </summary>
    internal static void Copy(ReceivedPush push, string target)
    {
        string temporary = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            using (Stream document = push.OpenRead())
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                document.CopyTo(file);
                file.Flush(flushToDisk: true);
            }

            bool onto = push.Path is { } own && AreOne(own, target, temporary);
            if (!TryRename(temporary, target))
            {
                throw new IOException($"cannot store {target}");
            }

            if (push.Path is { } source && !onto)
            {
                TryDelete(source);
            }
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Removes a file; one that is not there or cannot be removed is left.</summary>
    internal static void TryDelete(string path) => Try(() => File.Delete(path));

    /// <summary>Removes a folder with what is in it; one that cannot be removed is left.</summary>
    internal static void TryDeleteFolder(string folder) => Try(() => Directory.Delete(folder, recursive: true));

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open, on Windows, or its folder is gone: the folder's owner cleans up.
        }
    }

    /// <summary>
    /// Whether both paths name one file, when <paramref name="beside"/> was just made beside the second. A folder
    /// has many spellings: links, mounts, letter case. In the same folder the new file is there by either.
    /// </summary>
    private static bool AreOne(string path, string other, string beside) =>
        string.Equals(Path.GetFileName(path), Path.GetFileName(other), StringComparison.OrdinalIgnoreCase)
        && File.Exists(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(beside)));
}
