namespace WoSignDoc.Testing;

/// <summary>Says how far an order has come.</summary>
public enum OrderState
{
    /// <summary>The platform has taken it.</summary>
    Accepted,

#pragma warning disable CA1720 // It means a signature, not a sign.
    /// <summary>Everybody has signed.</summary>
    Signed,
#pragma warning restore CA1720

    /// <summary>It has failed.</summary>
    Failed,

    /// <summary>The push has been tried, whatever came of it.</summary>
    Pushed,

    /// <summary>The push was acknowledged.</summary>
    Acknowledged,

    /// <summary>The push was given up.</summary>
    Undelivered,
}
