namespace WoSignDoc;

/// <summary>Names the kinds of failure; each has an exception type of its own.</summary>
public enum ErrorKind
{
    /// <summary>The native library cannot be used (<see cref="NativeLibraryException"/>).</summary>
    NativeLibrary = 0,

    /// <summary>A call was made wrongly, or a configuration does not hold together.</summary>
    Argument = 1,

    /// <summary>The order breaks rules of the protocol; all violations are listed.</summary>
    InvalidOrder = 2,

    /// <summary>The platform answered, and said no.</summary>
    Platform = 3,

    /// <summary>The network failed before or while the order was sent.</summary>
    Transport = 4,

    /// <summary>No trusted TLS connection came about.</summary>
    Tls = 5,

    /// <summary>A time limit ran out.</summary>
    Timeout = 6,

    /// <summary>The other side answered something that is not the protocol.</summary>
    Protocol = 7,

    /// <summary>The document that arrived does not match its hash.</summary>
    Integrity = 8,

    /// <summary>The document or its sender is not who was expected.</summary>
    Untrusted = 9,

    /// <summary>A file could not be read or written, or the system has run out of something.</summary>
    Io = 10,

    /// <summary>The native library has a defect.</summary>
    Internal = 11,
}
