using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Testing.Tests;

/// <summary>How sandboxes start, keep apart and end.</summary>
public sealed class LifeTests
{
    [Test]
    public async Task Two_sandboxes_at_once_do_not_see_each_other()
    {
        Task<WoSignDocSandbox> starting = WoSignDocSandbox.StartAsync();
        await using WoSignDocSandbox other = await WoSignDocSandbox.StartAsync();
        await using WoSignDocSandbox one = await starting;
        await one.Client.CreateAsync(Orders.Person("A-1"));
        await one.AdvanceAsync("30d");
        Assert.That(await other.OrdersAsync(), Is.Empty);
        Assert.That(await one.NowAsync() - await other.NowAsync(), Is.GreaterThan(TimeSpan.FromDays(29)));
        await other.Client.CreateAsync(Orders.Person("A-1"));
        ReceivedPush ours = await one.AwaitPushAsync("A-1"), theirs = await other.AwaitPushAsync("A-1");
        Assert.That(ours.SignId, Is.Not.EqualTo(theirs.SignId));
        Assert.That(theirs.Verify(await other.TrustAsync()).IsValid, Is.True);
        Assert.That(theirs.Verify(await one.TrustAsync()).IsValid, Is.False, "each has a CA of its own");
    }

    [Test]
    public async Task A_test_process_that_is_killed_leaves_nothing_behind()
    {
        string folder, server;
        using (Process test = Start("sandbox"))
        {
            // Its last line: the folder and the process of its sandbox.
            string? told = await test.StandardOutput.ReadLineAsync();
            Assert.That(told, Does.Contain(" "), told);
            (folder, server) = (told!.Substring(told.IndexOf(' ') + 1), told.Substring(0, told.IndexOf(' ')));
            Assert.That(Directory.Exists(folder) && Servers.IsRunning(server), Is.True, told);
            test.Kill();
            test.WaitForExit();
        }

        await Servers.UntilAsync(() => !Servers.IsRunning(server) && !Directory.Exists(folder));
    }

    [Test]
    public async Task It_ends_once_however_often_it_is_ended()
    {
        WoSignDocSandbox sandbox = await WoSignDocSandbox.StartAsync(new() { FaultsByNumber = true });
        string folder = Path.GetDirectoryName(sandbox.ConfigurationFile)!, server = Servers.Of(folder);
        Assert.That(sandbox.Endpoint, Does.StartWith("https://127.0.0.1:"));
        Assert.That((sandbox.TempId, sandbox.TokenId), Is.Not.EqualTo((string.Empty, string.Empty)));
        Assert.ThrowsAsync<PlatformException>(() => sandbox.Client.CreateAsync(Orders.Person("A-1!refuse=-68")));
        await Task.WhenAll(sandbox.DisposeAsync().AsTask(), sandbox.DisposeAsync().AsTask());
        sandbox.Dispose();
        Assert.That(Directory.Exists(folder) || Servers.IsRunning(server), Is.False);
        Assert.That(await sandbox.ReportAsync(), Does.Contain("stopped").And.Contain("not run any longer"));
        Assert.CatchAsync(() => sandbox.OrdersAsync());
    }

    [Test]
    public void A_program_that_is_not_there_is_named()
    {
        SandboxException missing = Failing(new() { Server = "/nonexistent/wosigndoc-server" });
        Assert.That(missing.Message, Does.Contain("/nonexistent/wosigndoc-server").And.Contain("option Server"));
        Assert.That(missing.MessageZh, Does.Contain("选项 Server"));

        string text = Path.Combine(Repository.NewFolder(), "wosigndoc-server");
        File.WriteAllText(text, "no program");
        Assert.That(Failing(new() { Server = text }).Message, Does.Contain("cannot be started"));
    }

    [Test]
    public void A_start_that_fails_shows_the_programs_log()
    {
        SandboxException refused = Failing(new() { Arguments = { "--no-such-option", "two \"words\" \\" } });
        Assert.That(refused.Message, Does.Contain("ended before it was ready").And.Contain("--no-such-option"));
        Assert.That(refused.MessageZh, Does.Contain("--no-such-option"));
        Assert.That(Failing(new() { StartTimeout = TimeSpan.Zero }).Message, Does.Contain("within 0 s"));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => WoSignDocSandbox.StartAsync(null, cancelled.Token));
    }

    [Test]
    public async Task A_fixture_fits_what_xunit_calls()
    {
        Assert.Throws<InvalidOperationException>(() => _ = new SandboxFixture().Sandbox);
        var second = new SecondShape();
        await ((ISecondShape)second).InitializeAsync();
        Assert.That(await second.Sandbox.OrdersAsync(), Is.Empty);
        await ((ISecondShape)second).DisposeAsync();
        Assert.CatchAsync(() => second.Sandbox.OrdersAsync());

        var third = new ThirdShape();
        await ((IThirdShape)third).InitializeAsync();
        Assert.That(await third.Sandbox.OrdersAsync(), Is.Empty);
        await ((IThirdShape)third).DisposeAsync();
        Assert.CatchAsync(() => third.Sandbox.OrdersAsync());
    }

    private static SandboxException Failing(WoSignDocSandboxOptions options) =>
        Assert.ThrowsAsync<SandboxException>(() => WoSignDocSandbox.StartAsync(options))!;

    /// <summary>Starts the probe on this runtime.</summary>
    private static Process Start(string arguments)
    {
#if NETFRAMEWORK
        string file = "mono", program = Path.Combine(Repository.Built("Probe", "net462"), "Probe.exe");
#else
        string file = "dotnet", program = Path.Combine(Repository.Built("Probe", "net10.0"), "Probe.dll");
#endif
        return Process.Start(new ProcessStartInfo(file, $"{program} {arguments}")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }

    // xUnit's IAsyncLifetime: that of its second version, and that of its third.
    private interface ISecondShape
    {
        Task InitializeAsync();

        Task DisposeAsync();
    }

    private interface IThirdShape : IAsyncDisposable
    {
        ValueTask InitializeAsync();
    }

    private sealed class SecondShape : SandboxFixture, ISecondShape;

    private sealed class ThirdShape : SandboxFixture, IThirdShape
    {
        ValueTask IThirdShape.InitializeAsync() => new(InitializeAsync());
    }
}
