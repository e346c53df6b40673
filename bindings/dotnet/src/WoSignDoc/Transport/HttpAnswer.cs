using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;

namespace WoSignDoc;

// An answer as HTTP brought it: as much of it as the core reads, and a byte more of one that is too long.
internal sealed class HttpAnswer
{
    private const int Limit = 1024 * 1024;

    private HttpAnswer(int status, DateTimeOffset? date, byte[] body)
    {
        Status = status;
        Date = date;
        Body = body;
    }

    internal int Status { get; }

    internal DateTimeOffset? Date { get; }

    internal byte[] Body { get; }

    // Reads an answer, which is closed by whoever asked for it. One that breaks off after a whole JSON document, as when a server closes without saying how long
    // its answer is, has said all that it had to say.
    internal static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response, CancellationToken stopped)
    {
        // On .NET Framework a read that has begun minds no token.
        using CancellationTokenRegistration closing = stopped.Register(() => Closing.Quietly(response));
        var body = new MemoryStream();
        int status = (int)response.StatusCode;
        try
        {
#pragma warning disable CA1835, CA2016 // The overloads with Memory and with a token do not exist on .NET Framework.
            Stream stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            byte[] piece = new byte[16 * 1024];
            int read;
            while (body.Length <= Limit
                && (read = await stream.ReadAsync(piece, 0, piece.Length, stopped).ConfigureAwait(false)) > 0)
#pragma warning restore CA1835, CA2016
            {
                body.Write(piece, 0, read);
            }
        }
        catch (Exception) when (!stopped.IsCancellationRequested && IsWhole(status, body))
        {
        }

        return new HttpAnswer(status, response.Headers.Date, body.ToArray());
    }

    private static bool IsWhole(int status, MemoryStream body)
    {
        try
        {
            Core.ReadAnswer(status, new ReadOnlySpan<byte>(body.GetBuffer(), 0, (int)body.Length));
            return true;
        }
        catch (WoSignDocException exception)
        {
            return exception is PlatformException;
        }
    }
}
