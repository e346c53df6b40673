using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Testing;

// The sandbox's process. It ends when its standard input does, so that a test process that is killed leaves none behind.
internal sealed class ServerProgram : IDisposable
{
    // How long its end is waited for, in milliseconds, before it is killed.
    private const int Patience = 10_000;

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<string?> _firstLine = New<string?>();
    private readonly TaskCompletionSource<bool> _logEnded = New<bool>();
    private string? _folder;

    private ServerProgram(string file, IEnumerable<string> arguments)
    {
        _process = new Process { StartInfo = Command(file, arguments) };
        _process.OutputDataReceived += (_, line) => TakeOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => TakeLog(line.Data);
        try
        {
            _process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new SandboxException(
                $"{file} cannot be started: {exception.Message}. Is it the wosigndoc-server for this system, and may it be run?",
                $"无法启动 {file}：{exception.Message}。请确认它是适用于本系统的 wosigndoc-server，并且有执行权限",
                exception);
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    // What it has logged so far.
    internal string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    // Starts it, and gives what it says of itself once it is ready.
    internal static async Task<(ServerProgram Program, JsonNode Told)> StartAsync(
        WoSignDocSandboxOptions options, CancellationToken cancellationToken)
    {
        var program = new ServerProgram(ServerPlaces.Find(options.Server), options.CommandLine());
        try
        {
            return (program, await program.ToldAsync(options.StartTimeout, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    // Ends it, and waits for that.
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(Patience))
        {
            Kill();
        }

        // What it said last.
        _logEnded.Task.Wait(Patience);
        _process.Dispose();
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ProcessStartInfo Command(string file, IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
#if NET8_0_OR_GREATER
        foreach (string argument in arguments)
        {
            command.ArgumentList.Add(argument);
        }
#else
        command.Arguments = CommandLine.Of(arguments);
#endif
        return command;
    }

    private async Task<JsonNode> ToldAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task<string?> line = _firstLine.Task;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(line, Task.Delay(timeout, limit.Token)).ConfigureAwait(false);
            limit.Cancel();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!line.IsCompleted)
        {
            string seconds = timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw Failed($"was not ready within {seconds} s", $"在 {seconds} 秒内没有就绪");
        }

        return await line.ConfigureAwait(false) is { } told ? Read(told) : throw await EndedAsync().ConfigureAwait(false);
    }

    private JsonObject Read(string told)
    {
        try
        {
            if (JsonNode.Parse(told) is JsonObject json && json["control"] is not null)
            {
                _folder = json.Text("data");
                return json;
            }
        }
        catch (JsonException)
        {
            // As below.
        }

        throw Failed(
            $"did not say what it offers, but: {told}. Is it of the same version as this package?",
            $"没有说明其地址，而是输出：{told}。请确认其版本与本软件包相同");
    }

    private async Task<SandboxException> EndedAsync()
    {
        // What it said last may still be on its way.
        await Task.WhenAny(_logEnded.Task, Task.Delay(Patience)).ConfigureAwait(false);
        return Failed("ended before it was ready", "在就绪之前已经结束");
    }

    private SandboxException Failed(string english, string chinese) => new(
        $"the sandbox ({_process.StartInfo.FileName}) {english}. Its log:\n{Log}",
        $"沙箱（{_process.StartInfo.FileName}）{chinese}。其日志：\n{Log}");

    private void Kill()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit(Patience);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }

        // It deletes its data itself, unless it is killed.
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void TakeOutput(string? line)
    {
        if (!_firstLine.TrySetResult(line) && line is not null)
        {
            TakeLog(line);
        }
    }

    private void TakeLog(string? line)
    {
        if (line is null)
        {
            _logEnded.TrySetResult(true);
            return;
        }

        lock (_log)
        {
            _log.Append(line).Append('\n');
        }
    }
}
