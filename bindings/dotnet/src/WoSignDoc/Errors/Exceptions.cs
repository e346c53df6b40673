namespace WoSignDoc;

/// <summary>Says that a call was made wrongly, or that a configuration does not hold together.</summary>
public sealed class InvalidCallException : WoSignDocException
{
    internal InvalidCallException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that the platform answered and refused; <see cref="WoSignDocException.Code"/> says why.</summary>
public sealed class PlatformException : WoSignDocException
{
    internal PlatformException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that the network failed before or while the order was sent.</summary>
public sealed class TransportException : WoSignDocException
{
    internal TransportException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that no trusted TLS connection came about.</summary>
public sealed class TlsException : WoSignDocException
{
    internal TlsException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that a time limit ran out. Look at <see cref="WoSignDocException.MayHaveArrived"/> before sending anew.</summary>
public sealed class CallTimeoutException : WoSignDocException
{
    internal CallTimeoutException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that the other side sent something that is not the protocol.</summary>
public sealed class ProtocolException : WoSignDocException
{
    internal ProtocolException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that the document that arrived does not match its hash.</summary>
public sealed class IntegrityException : WoSignDocException
{
    internal IntegrityException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that a document, or its sender, is not the expected one.</summary>
public sealed class UntrustedException : WoSignDocException
{
    internal UntrustedException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that a file could not be read or written, or that the system has run out of something.</summary>
public sealed class FileException : WoSignDocException
{
    internal FileException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Reports a defect in the native library.</summary>
public sealed class InternalException : WoSignDocException
{
    internal InternalException(ErrorDetails details)
        : base(details)
    {
    }
}

/// <summary>Says that an order breaks rules of the protocol; every violation is listed.</summary>
public sealed class InvalidOrderException : WoSignDocException
{
    internal InvalidOrderException(ErrorDetails details)
        : base(details)
    {
    }

    /// <summary>The broken rules, first the one that the platform would answer first.</summary>
    public System.Collections.Generic.IReadOnlyList<Violation> Violations => Details.Violations;
}
