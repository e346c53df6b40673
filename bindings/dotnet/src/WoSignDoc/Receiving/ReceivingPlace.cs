using System;
using WoSignDoc.Interop;

namespace WoSignDoc;

/// <summary>Where one push lies until the site's function has stored it; gone when it is disposed.</summary>
internal sealed class ReceivingPlace(string? folder) : IDisposable
{
    private string? _own;

    /// <summary>The file's path, once it has a folder.</summary>
    internal string? Path { get; private set; }

    /// <summary>Gives the file its path: in a folder of its own when there is none, since temporary ones are shared.</summary>
    internal string Make()
    {
        string parent = folder ?? (_own = OwnFiles.MakeTemporaryFolder());
        return Path = System.IO.Path.Combine(parent, $"wosigndoc-{Guid.NewGuid():N}.pdf");
    }

    /// <summary>Removes what the function did not move away, if that can be done.</summary>
    public void Dispose()
    {
        if (Path is { } path)
        {
            StoredFiles.TryDelete(path);
        }

        if (_own is not null)
        {
            StoredFiles.TryDeleteFolder(_own);
        }
    }
}
