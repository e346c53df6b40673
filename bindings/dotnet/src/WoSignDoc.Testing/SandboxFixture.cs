using System;
using System.Threading.Tasks;

namespace WoSignDoc.Testing;

#pragma warning disable CA1816 // There is nothing to finalize, here or in what derives from it.
/// <summary>
/// Holds a sandbox for a test framework that starts and ends a fixture. It fits xUnit without a reference to it: declare
/// <c>class ContractSandbox : SandboxFixture, IAsyncLifetime;</c> and let a test class be an <c>IClassFixture</c> of it.
/// </summary>
public class SandboxFixture : IAsyncDisposable
{
    private readonly WoSignDocSandboxOptions? _options;
    private WoSignDocSandbox? _sandbox;

    /// <summary>Makes a fixture whose sandbox has the default options.</summary>
    public SandboxFixture()
    {
    }

    /// <summary>Makes a fixture; a derived class says how the sandbox is started.</summary>
    /// <param name="options">The options.</param>
    protected SandboxFixture(WoSignDocSandboxOptions options) =>
        _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>The sandbox.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public WoSignDocSandbox Sandbox => _sandbox ?? throw new InvalidOperationException(
        "the sandbox was not started: the test framework, or the test, calls InitializeAsync first"
            + "（沙箱尚未启动：测试框架或测试应先调用 InitializeAsync）");

    /// <summary>Starts the sandbox.</summary>
    /// <exception cref="SandboxException">It could not be started; the message has the program's log.</exception>
    public async Task InitializeAsync() =>
        _sandbox ??= await WoSignDocSandbox.StartAsync(_options).ConfigureAwait(false);

    /// <summary>Ends the sandbox.</summary>
    public async Task DisposeAsync()
    {
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }

    // xUnit 3 ends a fixture by this one.
    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync().ConfigureAwait(false);
}
