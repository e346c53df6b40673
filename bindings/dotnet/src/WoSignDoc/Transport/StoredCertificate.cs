using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WoSignDoc;

// Finds a client certificate in a certificate store.
internal static class StoredCertificate
{
    internal const string Usual = "LocalMachine/My";

    // Gives the certificate of a thumbprint.
    // Throws InvalidCallException: The store or the thumbprint is none, or there is no such certificate.
    internal static X509Certificate2 Find(string? store, string? thumbprint) => Find(store, thumbprint, Open);

    // `open`: Gives what a store holds.
    internal static X509Certificate2 Find(
        string? store, string? thumbprint, Func<StoreLocation, string, X509Certificate2[]> open)
    {
        (StoreLocation location, string name) = Place(store ?? Usual);
        string wanted = Digits(thumbprint ?? throw TransportErrors.NoThumbprint());
        X509Certificate2? found = Look(open, location, name, wanted, out int count);
        if (found is not null)
        {
            return found;
        }

        StoreLocation other = location == StoreLocation.CurrentUser ? StoreLocation.LocalMachine : StoreLocation.CurrentUser;
        throw TransportErrors.NotFound($"{location}/{name}", wanted, count, Elsewhere(open, other, name, wanted));
    }

    private static (StoreLocation Location, string Name) Place(string store)
    {
        string[] parts = store.Split('/', '\\');
        return parts.Length == 2
            && Enum.TryParse(parts[0].Trim(), ignoreCase: true, out StoreLocation location)
            && string.Equals(location.ToString(), parts[0].Trim(), StringComparison.OrdinalIgnoreCase)
            && parts[1].Trim() is { Length: > 0 } name
            ? (location, name)
            : throw TransportErrors.BadStore(store);
    }

    // Gives the digits alone: what is copied from a certificate's details has blanks, and an invisible character before
    // them.
    private static string Digits(string thumbprint)
    {
        string digits = string.Concat(thumbprint.Where(
            static one => !char.IsWhiteSpace(one) && one is not (':' or '\u200E' or '\u200F' or '\uFEFF')));
        return digits.Length == 40 && digits.All(Uri.IsHexDigit)
            ? digits.ToUpperInvariant()
            : throw TransportErrors.BadThumbprint();
    }

    private static X509Certificate2[] Open(StoreLocation location, string name)
    {
        using var store = new X509Store(name, location);
        store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        return [.. store.Certificates.Cast<X509Certificate2>()];
    }

    private static X509Certificate2? Look(
        Func<StoreLocation, string, X509Certificate2[]> open, StoreLocation location, string name, string thumbprint,
        out int count)
    {
        try
        {
            X509Certificate2[] all = open(location, name);
            count = all.Length;
            X509Certificate2? found = Array.Find(
                all, one => string.Equals(one.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase));
            foreach (X509Certificate2 one in all.Where(one => one != found))
            {
                one.Dispose();
            }

            return found;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            throw TransportErrors.NoStore($"{location}/{name}", exception);
        }
    }

    // The other store of this name, when the certificate is there; a user's store is another for each account.
    private static string? Elsewhere(
        Func<StoreLocation, string, X509Certificate2[]> open, StoreLocation location, string name, string thumbprint)
    {
        try
        {
            X509Certificate2? found = Look(open, location, name, thumbprint, out _);
            return found is null ? null : $"{location}/{name}";
        }
        catch (InvalidCallException)
        {
            return null;
        }
    }
}
