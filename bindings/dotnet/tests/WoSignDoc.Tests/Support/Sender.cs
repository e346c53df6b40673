using System.Net.Http;

namespace WoSignDoc.Tests.Support;

/// <summary>What sends the orders of a test: both must behave alike.</summary>
public enum Sender
{
    /// <summary>The native library's own connections.</summary>
    Library,

    /// <summary>.NET's HTTP client.</summary>
    HttpClient,
}

/// <summary>Clients of either kind.</summary>
internal static class Senders
{
    /// <summary>The options, for this sender with the sandbox's certificate.</summary>
    internal static WoSignDocOptions By(this WoSignDocOptions options, Sender sender)
    {
        if (sender == Sender.Library)
        {
            return options;
        }

#if NET
        return options.WithCertificate();
#else
        options.Transport.UseHttpClient(new HttpClient(new WebRequests()));
        return options;
#endif
    }

    /// <summary>The options, with the sandbox's certificate shown by .NET's HTTP client.</summary>
    internal static WoSignDocOptions WithCertificate(this WoSignDocOptions options)
    {
        options.Transport.UseCertificate(Certificates.OfClient);
        return options;
    }

    /// <summary>A client whose requests this handler takes.</summary>
    internal static WoSignDocClient Of(HttpMessageHandler handler, WoSignDocOptions? options = null)
    {
        options ??= new WoSignDocOptions { Endpoint = "https://sign.example/api", TokenId = "T-1" };
        options.Transport.UseHttpClient(new HttpClient(handler));
        return new WoSignDocClient(options);
    }
}
