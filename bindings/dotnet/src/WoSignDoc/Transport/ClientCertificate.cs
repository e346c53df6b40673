using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WoSignDoc;

// Judges a client certificate, and tells of it what is registered with the platform.
internal static class ClientCertificate
{
    // Throws InvalidCallException: It has no key, is not valid now, or this process may not use its key.
    internal static void Check(X509Certificate2 certificate) => Check(certificate, DateTime.Now, OpenKey);

    // `open`: Opens the private key, and throws where that is refused.
    internal static void Check(X509Certificate2 certificate, DateTime now, Action<X509Certificate2> open)
    {
        if (now > certificate.NotAfter)
        {
            throw TransportErrors.Expired(certificate.NotAfter);
        }

        if (now < certificate.NotBefore)
        {
            throw TransportErrors.NotYetValid(certificate.NotBefore);
        }

        if (!certificate.HasPrivateKey)
        {
            throw TransportErrors.NoKey();
        }

        try
        {
            open(certificate);
        }
        catch (CryptographicException exception)
        {
            throw TransportErrors.KeyRefused(exception);
        }
    }

    // The SHA-256 of the public key with its algorithm (SubjectPublicKeyInfo), in hex.
    internal static string PublicKeySha256(X509Certificate2 certificate)
    {
        byte[] info = PublicKeyInfo(certificate.RawData);
#if NET8_0_OR_GREATER
        byte[] hash = SHA256.HashData(info);
#else
        using var sha256 = SHA256.Create();
        byte[] hash = sha256.ComputeHash(info);
#endif
        return string.Concat(hash.Select(static one => one.ToString("x2", CultureInfo.InvariantCulture)));
    }

    // Opening asks the store for the key, and signs nothing: a smart card would ask for its PIN.
    private static void OpenKey(X509Certificate2 certificate)
    {
        const string Rsa = "1.2.840.113549.1.1.1", EllipticCurve = "1.2.840.10045.2.1";
        try
        {
            using AsymmetricAlgorithm? key = certificate.GetKeyAlgorithm() switch
            {
                Rsa => certificate.GetRSAPrivateKey(),
                EllipticCurve => certificate.GetECDsaPrivateKey(),
                _ => null, // TLS itself says whether it can sign with it.
            };
        }
        catch (NotImplementedException)
        {
            // Mono opens keys of elliptic curves for TLS alone.
        }
    }

    // Gives the SubjectPublicKeyInfo of a certificate: the runtime read it before, so that it is DER.
    private static byte[] PublicKeyInfo(byte[] certificate)
    {
        const byte Version = 0xA0;
        int at = Enter(certificate, Enter(certificate, 0)); // Certificate, then what is signed of it.
        if (certificate[at] == Version)
        {
            at = Pass(certificate, at);
        }

        for (int passed = 0; passed < 5; passed++)
        {
            at = Pass(certificate, at); // Serial number, algorithm, issuer, validity, subject.
        }

        byte[] info = new byte[Pass(certificate, at) - at];
        Array.Copy(certificate, at, info, 0, info.Length);
        return info;
    }

    // Where the content of the element at this place begins.
    private static int Enter(byte[] der, int at) => at + 2 + (der[at + 1] > 0x80 ? der[at + 1] & 0x7F : 0);

    // Where the element at this place ends.
    private static int Pass(byte[] der, int at)
    {
        int start = Enter(der, at), length = der[at + 1];
        if (length > 0x80)
        {
            length = 0;
            for (int digit = at + 2; digit < start; digit++)
            {
                length = (length << 8) | der[digit];
            }
        }

        return start + length;
    }
}
