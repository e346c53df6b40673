using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WoSignDoc.Json;

namespace WoSignDoc;

// Verifies the platform's certificate against the roots of the configuration. A name that does not match is never
// accepted, nor a chain that ends elsewhere.
internal sealed class ServerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly bool _system;
    private readonly X509Certificate2[] _roots;

    // Reads the section "roots" of a configuration.
    // Throws InvalidCallException, FileException: The CA certificates cannot be read.
    internal ServerTrust(JsonElement configuration)
    {
        JsonElement section = configuration.Field("roots") ?? default;
        _roots = section.Text("ca_file") is { } path ? OfFile(path)
            : section.Text("ca") is { } text ? Read("roots.ca", Encoding.UTF8.GetBytes(text))
            : [];
        _system = section.Field("system") is null ? _roots.Length == 0 : section.Flag("system");
    }

    // Takes a certificate, or throws what is wrong with it.
    // `errors`: What the runtime found, which trusts the system's roots.
    internal bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None && _system)
        {
            return true;
        }

        string words = errors.ToString();
        if (certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None)
        {
            words = _roots.Length > 0 ? Fault(certificate, chain) : Words(chain);
            if (words.Length == 0)
            {
                return true;
            }
        }

        throw new AuthenticationException($"the platform's certificate is not trusted: {words}");
    }

    // Says why no chain leads to one of the roots; empty: one does.
    private string Fault(X509Certificate certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        using var server = new X509Certificate2(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (X509ChainElement element in presented?.ChainElements.Cast<X509ChainElement>() ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

#if NET8_0_OR_GREATER
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        return chain.Build(server) ? string.Empty : Words(chain);
#else
        // Here a chain ends in the system's roots or in an unknown one, which has to be one of ours.
        chain.ChainPolicy.ExtraStore.AddRange(_roots);
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        bool built = chain.Build(server);
        bool whole = chain.ChainStatus.All(
            static one => one.Status is X509ChainStatusFlags.NoError or X509ChainStatusFlags.UntrustedRoot);
        bool ours = chain.ChainElements.Count > 0 && Array.Exists(
            _roots, one => one.RawData.SequenceEqual(chain.ChainElements[chain.ChainElements.Count - 1].Certificate.RawData));
        return built && whole && ours ? string.Empty : Words(chain);
#endif
    }

    private static string Words(X509Chain? chain)
    {
        IEnumerable<string> statuses = (chain?.ChainStatus ?? []).Select(
            static one => $"{one.Status}: {one.StatusInformation?.Trim()}");
        string words = string.Join("; ", statuses.Distinct());
        return words.Length > 0 ? words : "UntrustedRoot";
    }

    private static X509Certificate2[] OfFile(string path)
    {
        try
        {
            return Read("roots.ca_file", File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw TransportErrors.BadRoots("roots.ca_file", exception.Message, exception);
        }
    }

    // Reads PEM, DER or PKCS#7.
    private static X509Certificate2[] Read(string field, byte[] bytes)
    {
        try
        {
            MatchCollection blocks = Regex.Matches(
                Encoding.ASCII.GetString(bytes), "-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
            var all = new X509Certificate2Collection();
            foreach (Match block in blocks)
            {
                all.Import(Convert.FromBase64String(block.Groups[2].Value));
            }

            if (blocks.Count == 0)
            {
                all.Import(bytes);
            }

            return all.Count > 0
                ? [.. all.Cast<X509Certificate2>()]
                : throw TransportErrors.BadRoots(field, "there is none");
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw TransportErrors.BadRoots(field, exception.Message, exception);
        }
    }
}
