using System.Text.Json.Nodes;

namespace WoSignDoc;

/// <summary>
/// Says where documents are kept that were refused: each under its hash, <c>SHA-256.pdf</c>, with its report beside it,
/// <c>SHA-256.json</c>.
/// </summary>
public sealed class QuarantineOptions
{
    /// <summary>The folder. It is made, for this user alone, where it is missing.</summary>
    public string? Folder { get; set; }

    /// <summary>
    /// The limit of how many documents are kept, so that a stranger cannot fill the disk; a further one is refused all the
    /// same. Null: 1000.
    /// </summary>
    public long? MaxFiles { get; set; }

    internal JsonObject ToJson() => new() { ["folder"] = Folder, ["max_files"] = MaxFiles };
}
