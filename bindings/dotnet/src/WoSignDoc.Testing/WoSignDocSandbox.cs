using System;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Testing;

/// <summary>
/// Runs a signing platform of a test's own: on free ports and in a temporary folder, so that any number of them run at once.
/// It really signs, and is driven and asked by the test. It ends when it is disposed, and also when the test process ends
/// or is killed; its folder goes with it.
/// </summary>
public sealed partial class WoSignDocSandbox : IAsyncDisposable, IDisposable
{
    private readonly ServerProgram _program;
    private readonly ControlApi _control;
    private readonly Lazy<WoSignDocClient> _client;
    private readonly Lazy<bool> _end;

    private WoSignDocSandbox(ServerProgram program, JsonNode told)
    {
        string Required(string name) => told.Text(name) ?? throw new SandboxException(
            $"the sandbox does not say its {name}: is it of the same version as this package?",
            $"沙箱没有给出 {name}：请确认其版本与本软件包相同");
        _program = program;
        Endpoint = Required("endpoint");
        ControlAddress = new Uri(Required("control"));
        ConfigurationFile = Required("client");
        CaFile = Required("ca");
        TokenId = Required("tokenid");
        TempId = Required("tempid");
        _control = new ControlApi(ControlAddress, () => program.Log);
        _client = new Lazy<WoSignDocClient>(() => new WoSignDocClient(Configuration));
        _end = new Lazy<bool>(End);
    }

    /// <summary>The platform's URL, which begins with <c>https:</c>.</summary>
    public string Endpoint { get; }

    /// <summary>The TokenID with which orders are placed.</summary>
    public string TokenId { get; }

    /// <summary>The template (tempid) of orders that name one.</summary>
    public string TempId { get; }

    /// <summary>The path of <c>client.json</c>: endpoint, TokenID, certificate and key.</summary>
    public string ConfigurationFile { get; }

    /// <summary>The options of a client of this sandbox, new with every call, so that a test may change them.</summary>
    public WoSignDocOptions Configuration => WoSignDocOptions.FromFile(ConfigurationFile);

    /// <summary>The path of the CA certificate that vouches for the platform and for its signatures.</summary>
    public string CaFile { get; }

    /// <summary>The address of the control API, for calls that this class has no method for (<c>GET /openapi.json</c>).</summary>
    public Uri ControlAddress { get; }

    /// <summary>A client of this sandbox, ready; the sandbox disposes it.</summary>
    public WoSignDocClient Client => _client.Value;

    /// <summary>What the program has logged so far.</summary>
    public string Log => _program.Log;

    /// <summary>Starts a sandbox; it is ready when the task has completed.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="SandboxException">It could not be started; the message has the program's log.</exception>
    public static async Task<WoSignDocSandbox> StartAsync(
        WoSignDocSandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        (ServerProgram program, JsonNode told) =
            await ServerProgram.StartAsync(options ?? new(), cancellationToken).ConfigureAwait(false);
        try
        {
            return new WoSignDocSandbox(program, told);
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Ends the sandbox and waits until its process and its folder are gone. Calling it again does nothing.</summary>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => _ = _end.Value;

    private bool End()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        _program.Dispose();
        _control.Dispose();
        return true;
    }
}
