#if NET
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

namespace WoSignDoc.Tests.Support;

/// <summary>A server over TLS in the platform's place, which answers as a test wants it to.</summary>
internal sealed class FakePlatform : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<FakeRequest, bool> _answer;
    private readonly List<FakeRequest> _requests = [];

    /// <summary>Starts it.</summary>
    /// <param name="answer">Answers a request, and tells whether the connection stays open.</param>
    internal FakePlatform(Func<FakeRequest, bool> answer)
    {
        _answer = answer;
        _listener.Start();
        new Thread(Listen) { IsBackground = true }.Start();
    }

    internal string Endpoint => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    /// <summary>All that have come.</summary>
    internal FakeRequest[] Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose() => _listener.Stop();

    private void Listen()
    {
        while (true)
        {
            try
            {
                TcpClient client = _listener.AcceptTcpClient();
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using (client)
            using (var tls = new SslStream(client.GetStream()))
            {
                tls.AuthenticateAsServer(Certificates.OfServer, false, SslProtocols.Tls12, false);
                while (FakeRequest.Read(tls) is { } request)
                {
                    lock (_requests)
                    {
                        _requests.Add(request);
                    }

                    if (!_answer(request))
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or ObjectDisposedException)
        {
            // The client went away.
        }
    }
}

/// <summary>A request to it, whose body is read when it is asked for.</summary>
internal sealed class FakeRequest
{
    private readonly Stream _stream;
    private byte[]? _body;

    private FakeRequest(Stream stream, string head)
    {
        _stream = stream;
        Head = head;
    }

    /// <summary>Request line and headers.</summary>
    internal string Head { get; }

    internal bool Expects => Has("100-continue");

    internal bool WasRead => _body is not null;

    internal byte[] Body => _body ??= ReadBody();

    internal static FakeRequest? Read(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                return null;
            }

            head.Append((char)next);
        }

        return new FakeRequest(stream, head.ToString());
    }

    internal bool Has(string words) => Regex.IsMatch(Head, words, RegexOptions.IgnoreCase);

    /// <summary>Reads the body and answers with this one.</summary>
    internal bool Reply(int status, string body, string headers = "")
    {
        _ = Body;
        Write($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        return true;
    }

    internal void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _stream.Write(bytes, 0, bytes.Length);
        _stream.Flush();
    }

    private byte[] ReadBody()
    {
        const string Length = "content-length:";
        if (Expects)
        {
            Write("HTTP/1.1 100 Continue\r\n\r\n");
        }

        int start = Head.IndexOf(Length, StringComparison.OrdinalIgnoreCase) + Length.Length;
        byte[] body = new byte[int.Parse(Head.Substring(start).Split('\r')[0])];
        int read, at = 0;
        while (at < body.Length && (read = _stream.Read(body, at, body.Length - at)) > 0)
        {
            at += read;
        }

        return at == body.Length ? body : throw new IOException("the body was cut");
    }
}
#endif
