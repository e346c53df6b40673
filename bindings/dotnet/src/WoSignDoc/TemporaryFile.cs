using System;
using System.IO;
#if !NET8_0_OR_GREATER
using System.Runtime.InteropServices;
#endif

namespace WoSignDoc;

/// <summary>
/// A name for a file with somebody's document, gone with its file when it is disposed of. Unless the caller names a
/// folder it lies in one of its own that nobody else can enter: the system's temporary folder is everybody's.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string? _ownFolder;

    /// <param name="folder">Where the file shall be; null: in a folder of its own.</param>
    /// <param name="suffix">The end of its name.</param>
    internal TemporaryFile(string? folder, string suffix = "")
    {
        folder ??= _ownFolder = MakeFolder();
        // In full: the program may change its folder meanwhile.
        Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, $"wosigndoc-{Guid.NewGuid():N}{suffix}"));
    }

    /// <summary>The name; there is no file of that name at first.</summary>
    internal string Path { get; }

    /// <summary>Removes what is there, if that can be done.</summary>
    public void Dispose()
    {
        try
        {
            if (_ownFolder is null)
            {
                File.Delete(Path);
            }
            else
            {
                Directory.Delete(_ownFolder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open, on Windows, or its folder is gone: the folder's owner cleans up.
        }
    }

#if NET8_0_OR_GREATER
    private static string MakeFolder() => Directory.CreateTempSubdirectory("wosigndoc-").FullName;
#else
    private static string MakeFolder()
    {
        const int AllOfOwner = 448; // 0700
        string folder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"wosigndoc-{Guid.NewGuid():N}");
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            Directory.CreateDirectory(folder); // The temporary folder is the user's own there.
        }
        else if (mkdir(folder, AllOfOwner) != 0)
        {
            throw new IOException($"cannot make {folder}");
        }

        return folder;
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int mkdir([MarshalAs(UnmanagedType.LPStr)] string path, int mode);
#endif
}
