using System;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Verifies signed documents, offline: by their own signatures, and by the roots that the options trust. Nobody is
/// trusted by itself.
/// </summary>
public static class DocumentVerifier
{
    /// <summary>Verifies a document that is in memory.</summary>
    /// <param name="document">The document's bytes.</param>
    /// <param name="options">Whom you trust, and what you demand; null: nobody is trusted.</param>
    /// <returns>The report. A document that fails is no failure of the call: read its verdict.</returns>
    /// <exception cref="InvalidCallException">A setting is wrong, or the document is empty.</exception>
    public static VerificationReport Verify(ReadOnlySpan<byte> document, VerifyOptions? options = null)
    {
        VerifyOptions given = options ?? new VerifyOptions();
        return new VerificationReport(Core.Verify(document, given.Sent, given.ToJson(null).Bytes()));
    }

    /// <summary>Verifies a document that is in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Whom you trust, and what you demand; null: nobody is trusted.</param>
    /// <returns>The report. A document that fails is no failure of the call: read its verdict.</returns>
    /// <exception cref="InvalidCallException">A setting is wrong.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static VerificationReport VerifyFile(string path, VerifyOptions? options = null)
    {
        VerifyOptions given = options ?? new VerifyOptions();
        byte[] settings = given.ToJson(Argument.NotEmpty(path, nameof(path))).Bytes();
        return new VerificationReport(Core.Verify(default, given.Sent, settings));
    }

    /// <summary>
    /// Names the top of each chain of certificates in a document: for a person who looks at the first contract, and trusts
    /// whoever issued its certificates from then on.
    /// </summary>
    /// <param name="document">The document's bytes.</param>
    /// <param name="options">The password of an encrypted document; null: none.</param>
    /// <exception cref="InvalidCallException">A setting is wrong, or the document is empty.</exception>
    public static TrustReport TrustOf(ReadOnlySpan<byte> document, VerifyOptions? options = null) =>
        new(Core.TrustOf(document, (options ?? new VerifyOptions()).ToJson(null).Bytes()));

    /// <summary>Names the top of each chain of certificates in a document that is in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The password of an encrypted document; null: none.</param>
    /// <exception cref="InvalidCallException">A setting is wrong.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static TrustReport TrustOfFile(string path, VerifyOptions? options = null) =>
        new(Core.TrustOf(
            default, (options ?? new VerifyOptions()).ToJson(Argument.NotEmpty(path, nameof(path))).Bytes()));
}
