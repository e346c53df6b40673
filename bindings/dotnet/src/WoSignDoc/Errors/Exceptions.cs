namespace WoSignDoc;

/// <summary>Says that a call was made wrongly, or that a configuration does not hold together.</summary>
public sealed class InvalidCallException : WoSignDocException
{
    internal InvalidCallException(ErrorDetails details)
        : base(details)
    {
    }

    // Tells that a push has no place for the document that was sent beside it.
    internal static InvalidCallException SentAsBytes() => new(new ErrorDetails
    {
        Kind = ErrorKind.Argument,
        Reason = "bad_option",
        Field = "verify.sent",
        MessageEn = "the document that was sent must be a file here",
        MessageZh = "此处应以文件形式提供所提交的文档",
        Advice = "name its SentFile, or verify in the function that gets the push",
        AdviceZh = "请用 SentFile 指定其文件，或在接收推送的函数中验证",
    });

    // Tells of a text that was cut in the middle of a character.
    internal static InvalidCallException HalfACharacter(string field) => new(new ErrorDetails
    {
        Kind = ErrorKind.Argument,
        Reason = "not_utf8",
        Field = field,
        MessageEn = "the text holds half of a surrogate pair",
        MessageZh = "文本含有不成对的代理字符",
        Advice = "give whole characters: do not cut a text where char.IsLowSurrogate says true of the next one",
        AdviceZh = "请提供完整的字符：不要在 char.IsLowSurrogate 为真的字符之前截断文本",
    });
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

/// <summary>
/// Says that a document, or its sender, is not the expected one, or that its signatures do not prove it.
/// </summary>
public sealed class UntrustedException : WoSignDocException
{
    internal UntrustedException(ErrorDetails details)
        : base(details)
    {
    }

    /// <summary>
    /// What was found about the document, when its signatures do not prove it (<c>document_untrusted</c>); else null. It
    /// names people: it is in no message.
    /// </summary>
    public VerificationReport? Report => Details.Report;

    /// <summary>The file in which the document is kept; null: it is not kept.</summary>
    public string? QuarantinePath => Details.QuarantinePath;

    /// <summary>What kept the document from being kept; null: nothing did, or there is no folder for it.</summary>
    public WoSignDocException? QuarantineError => Details.QuarantineError;
}

/// <summary>Says that a file could not be read or written, or that the system has run out of something.</summary>
public sealed class FileException : WoSignDocException
{
    internal FileException(ErrorDetails details, System.Exception? inner = null)
        : base(details, inner)
    {
    }

    // Tells that documents cannot be kept in a folder. What the system says of it is in its own language.
    internal static FileException Folder(string folder, System.Exception cause) => new(
        new ErrorDetails
        {
            Kind = ErrorKind.Io,
            Reason = "file_unwritable",
            Field = "folder",
            MessageEn = $"no files can be made in the folder {folder}: {cause.Message}",
            MessageZh = $"无法在目录 {folder} 中创建文件（{cause.GetType().Name}）",
            Advice = "name a folder that this user can write to, or make it so",
            AdviceZh = "请指定当前用户可写的目录，或修改其权限",
        },
        cause);

    // Tells that a document is no longer in its file.
    internal static FileException Gone(string path, System.Exception cause) => new(
        new ErrorDetails
        {
            Kind = ErrorKind.Io,
            Reason = "file_unreadable",
            MessageEn = $"the document cannot be read from {path}: {cause.Message}",
            MessageZh = $"无法从 {path} 读取文档（{cause.GetType().Name}）",
            Advice = "read it before the endpoint's function returns, and move its file by MoveTo only",
            AdviceZh = "请在端点的函数返回之前读取，并只用 MoveTo 移动其文件",
        },
        cause);
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
