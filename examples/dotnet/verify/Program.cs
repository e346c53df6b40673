// Says whether a signed contract is what it claims to be: VerifyContract FILE [ROOTS…]
// Ends with 0 for valid, 1 for invalid, 2 for indeterminate, and 3 when it could not be looked at.
using WoSignDoc;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: VerifyContract FILE [ROOTS…]");
    return 3;
}

// The roots are those of the platform, such as the ca.pem of a sandbox. Without any, nobody is trusted.
var options = new VerifyOptions();
foreach (string roots in args.Skip(1))
{
    options.RootFiles.Add(roots);
}

try
{
    VerificationReport report = DocumentVerifier.VerifyFile(args[0], options);
    Console.WriteLine($"{report.Verdict.ToString().ToLowerInvariant()} ({report.State.ToString().ToLowerInvariant()})");
    foreach (VerificationReason reason in report.Reasons)
    {
        Console.WriteLine($"{reason.Code}: {reason.Signature} {reason.Message}");
    }

    foreach (SignatureReport signature in report.Signatures)
    {
        Console.WriteLine($"{signature.Field}: {signature.Signer?.Subject}, {signature.Integrity}, {signature.Trust}");
    }

    if (args.Length == 1)
    {
        // For the setting Trust, once a person has looked at the contract.
        Console.WriteLine($"trust: {DocumentVerifier.TrustOfFile(args[0]).TrustJson}");
    }

    return report.Verdict switch
    {
        Verdict.Valid => 0,
        Verdict.Invalid => 1,
        _ => 2,
    };
}
catch (WoSignDocException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 3;
}
