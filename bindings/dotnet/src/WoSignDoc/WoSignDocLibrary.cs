using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Finds the native library behind this package. It is looked for on first use: the file that <see cref="Load"/> or
/// the variable <c>WOSIGNDOC_LIBRARY</c> names and no other; without those the one packaged with the program, then,
/// but not on Windows, the system's.
/// </summary>
public static class WoSignDocLibrary
{
    /// <summary>The path of the file in use, or the bare name by which the system found it.</summary>
    /// <exception cref="NativeLibraryException">No usable library was found.</exception>
    public static string LoadedFrom => NativeLoader.Ensure().Path;

    /// <summary>The version of the native library, e.g. <c>0.1.0</c>.</summary>
    /// <exception cref="NativeLibraryException">No usable library was found.</exception>
    public static string Version => Core.Version().Text("version") ?? string.Empty;

    /// <summary>The ABI number that this package needs.</summary>
    public static int AbiVersion => (int)NativeLoader.Abi;

    /// <summary>Uses this file. Call it before anything else of the package.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NativeLibraryException">It cannot be used, or another one is in use already.</exception>
    public static void Load(string path) => NativeLoader.Load(Argument.NotEmpty(path, nameof(path)));

    /// <summary>Lists every kind, code and reason with its texts in both languages, as JSON.</summary>
    public static string CatalogueJson() => Core.Catalogue().GetRawText();
}
