using System;
using System.IO;
using WoSignDoc.Interop;

namespace WoSignDoc;

/// <summary>Files that must be there after a power cut.</summary>
internal static class StoredFiles
{
    /// <summary>Moves a file, replacing what is there. False when that cannot be done, as across disks on some systems.</summary>
    internal static bool TryRename(string source, string target)
    {
        try
        {
#if NET8_0_OR_GREATER
            File.Move(source, target, overwrite: true);
            Flush(target);
            return true;
#else
            if (!File.Exists(target))
            {
                File.Move(source, target);
                Flush(target);
                return true;
            }

            // No backup, and the metadata of the replaced file is not worth keeping.
            File.Replace(source, target, null, ignoreMetadataErrors: true);
            Flush(target);
            return true;
#endif
        }
        catch (IOException) when (File.Exists(source))
        {
            return false;
        }
    }

    /// <summary>Writes a document beside its target, brings it to the disk, and renames it.</summary>
    internal static void Write(ReceivedPush push, string target)
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

            if (!TryRename(temporary, target))
            {
                throw new IOException($"cannot store {target}");
            }

            OwnFiles.FlushFolder(Path.GetDirectoryName(target)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Brings a file's content to the disk: a move across disks makes a copy.</summary>
    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
