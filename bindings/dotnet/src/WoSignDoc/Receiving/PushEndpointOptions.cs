namespace WoSignDoc;

/// <summary>How an endpoint receives pushes.</summary>
public sealed class PushEndpointOptions
{
    /// <summary>What a push must be, and how large it may be.</summary>
    public PushOptions Push { get; set; } = new();

    /// <summary>
    /// Where documents lie until the site's function has stored them, each in a folder of its own there that only this
    /// user can enter. It is made, for this user alone, where it is missing. On the disk where they will stay,
    /// <see cref="ReceivedPush.MoveTo"/> is a rename. Null: the system's temporary folder.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>
    /// The memory of what was processed. Null: a document that is pushed twice reaches the function twice. So does,
    /// with any store, a push with neither id nor order number.
    /// </summary>
    public IDeliveryStore? DeliveryStore { get; set; }
}
