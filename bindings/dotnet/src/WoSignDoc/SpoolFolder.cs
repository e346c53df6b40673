using System;
using System.Collections.Concurrent;
using System.IO;
using WoSignDoc.Interop;

namespace WoSignDoc;

// Holds documents that wait in files: each in a folder of its own that only this user can enter, and that is gone when
// the work on it is done. What a killed process left is removed when a program uses the folder for the first time: a
// process has a lock on each of its places, and the system ends the locks of one that died.
internal sealed class SpoolFolder
{
    private const string Prefix = "wosigndoc-net-";
    private const string LockName = "lock";

    private static readonly ConcurrentDictionary<string, SpoolFolder> Swept = new(StringComparer.Ordinal);

    // The lock comes just after its folder.
    private static readonly TimeSpan UnlockedAfter = TimeSpan.FromHours(1);

    private readonly string _folder;

    private SpoolFolder(string folder) => _folder = folder;

    // Uses a folder, which is made where it is missing; null: the system's temporary folder, which is everybody's.
    internal static SpoolFolder Open(string? folder)
    {
        string full = Path.GetFullPath(folder ?? Path.GetTempPath());
        if (Swept.TryGetValue(full, out SpoolFolder? known) && Directory.Exists(full))
        {
            return known;
        }

        var spool = new SpoolFolder(full);
        spool.Check();
        spool.Sweep();
        Swept[full] = spool;
        return spool;
    }

    // Makes sure that documents can be kept here, and makes the folder where it is missing.
    internal void Check()
    {
        try
        {
            MakePrivate(_folder);
            NewPlace().Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileException.Folder(_folder, exception);
        }
    }

    // Makes a place for one document.
    internal SpoolPlace NewPlace()
    {
        while (true)
        {
            string place = Path.Combine(_folder, $"{Prefix}{Guid.NewGuid():N}");
            if (!Posix.MakeFolder(place))
            {
                continue;
            }

            string name = Path.Combine(place, LockName);
            var file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, Share);
            // Before it was locked, another process could take it for a dead one's.
            if (Posix.TryLock(file) != false && File.Exists(name))
            {
                return new SpoolPlace(place, file);
            }

            file.Dispose();
        }
    }

    internal static void Remove(string place, FileStream? held)
    {
        try
        {
            if (held is not null)
            {
                foreach (string entry in Directory.GetFileSystemEntries(place))
                {
                    RemoveEntry(entry);
                }

                held.Dispose(); // Windows removes nothing that is open; so the lock is the last to go.
            }

            Directory.Delete(place, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open, on Windows, or it is gone: the next sweep removes what stays.
        }
        finally
        {
            held?.Dispose();
        }
    }

    private static FileShare Share => Posix.IsHere ? FileShare.ReadWrite | FileShare.Delete : FileShare.None;

    private static void RemoveEntry(string entry)
    {
        if (Path.GetFileName(entry) == LockName)
        {
            return;
        }

        FileAttributes kind = File.GetAttributes(entry);
        if ((kind & FileAttributes.Directory) != 0 && (kind & FileAttributes.ReparsePoint) == 0)
        {
            Directory.Delete(entry, recursive: true);
        }
        else
        {
            File.Delete(entry);
        }
    }

    private void Sweep()
    {
        try
        {
            (uint Owner, int Mode)? own;
            using (SpoolPlace probe = NewPlace())
            {
                own = Posix.Look(probe.Folder);
            }

            foreach (string place in Directory.GetDirectories(_folder, Prefix + "*"))
            {
                // What is not this user's, or where that cannot be told, is not touched.
                bool ours = !Posix.IsHere || (own is not null && Posix.Look(place)?.Owner == own.Value.Owner);
                if (ours && (File.GetAttributes(place) & FileAttributes.ReparsePoint) == 0)
                {
                    RemoveDead(place);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another sweeps it at this moment.
        }
    }

    private static void RemoveDead(string place)
    {
        string name = Path.Combine(place, LockName);
        if (!File.Exists(name))
        {
            if (Directory.GetLastWriteTimeUtc(place) < DateTime.UtcNow - UnlockedAfter)
            {
                Remove(place, null);
            }

            return;
        }

        try
        {
            var held = new FileStream(name, FileMode.Open, FileAccess.ReadWrite, Share);
            if (Posix.TryLock(held) == true)
            {
                Remove(place, held);
            }

            held.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A living process has it, on Windows.
        }
    }

    private static void MakePrivate(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { Length: > 0 } above)
        {
            MakePrivate(above);
        }

        if (!Posix.MakeFolder(folder) && !Directory.Exists(folder))
        {
            throw new IOException($"{folder} is not a folder");
        }
    }
}

// Is where one document lies.
internal sealed class SpoolPlace : IDisposable
{
    private readonly FileStream _lock;

    internal SpoolPlace(string folder, FileStream held)
    {
        Folder = folder;
        _lock = held;
    }

    internal string Folder { get; }

    internal string File(string name) => Path.Combine(Folder, name);

    // Lets nobody but this user read a file. Gives the permissions that the process gives to new files, if there are any.
    internal int? Hide(string file)
    {
        if (!Posix.IsHere)
        {
            return null;
        }

        Posix.SetMode(file, Posix.OwnerOnly);
        return Posix.Look(_lock.Name)?.Mode;
    }

    public void Dispose() => SpoolFolder.Remove(Folder, _lock);
}
