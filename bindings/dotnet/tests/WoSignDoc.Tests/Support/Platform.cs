using System;
using System.IO;

namespace WoSignDoc.Tests.Support;

/// <summary>The real platform, started once for all tests, with the tests' callback URL.</summary>
internal sealed class Platform : IDisposable
{
    private static readonly Lazy<Platform> Shared = new(() =>
    {
        var callback = new Callback();
        return new Platform(callback, callback.Url);
    });

    private readonly RunningProgram _program;

    internal Platform(Callback? callback, string callbackUrl)
    {
        Callback = callback;
        Folder = Repository.NewFolder();
        _program = new RunningProgram(
            Repository.File("target", "debug", "wosigndoc-server"), $"dev --faults --data {Folder} --listen 127.0.0.1:0 --callback {callbackUrl}");
        Endpoint = _program.WaitForLine("listening on");
    }

    /// <summary>The one that all tests share.</summary>
    internal static Platform One => Shared.Value;

    internal Callback? Callback { get; }

    /// <summary>Its data: client.json, ca.pem and so on.</summary>
    internal string Folder { get; }

    /// <summary>Its https URL.</summary>
    internal string Endpoint { get; }

    internal string ClientJson => Path.Combine(Folder, "client.json");

    internal string CaFile => Path.Combine(Folder, "ca.pem");

    /// <summary>Stops the shared one, if it was started.</summary>
    internal static void Stop()
    {
        if (Shared.IsValueCreated)
        {
            Shared.Value.Dispose();
        }
    }

    public void Dispose()
    {
        _program.Dispose();
        Callback?.Dispose();
    }
}
