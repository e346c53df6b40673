using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WoSignDoc.Testing.Tests;

/// <summary>What is there when all sandboxes have ended: these run alone, after those that run at the same time.</summary>
[NonParallelizable]
public sealed class LeftoverTests
{
    [Test]
    public async Task No_process_port_or_folder_is_left_behind()
    {
        WoSignDocSandbox sandbox = await WoSignDocSandbox.StartAsync();
        Assert.That(Servers.Left(), Has.Length.EqualTo(1), "this one is seen, and no other");
        Assert.That(Directory.GetDirectories(Surroundings.Folder, "wosigndoc-sandbox-*"), Has.Length.EqualTo(1));
        await sandbox.DisposeAsync();
        Assert.That(Servers.Left(), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Surroundings.Folder, "wosigndoc-sandbox-*"), Is.Empty);
        using var socket = new TcpClient();
        Assert.ThrowsAsync<SocketException>(
            () => socket.ConnectAsync(sandbox.ControlAddress.Host, sandbox.ControlAddress.Port));
    }
}
