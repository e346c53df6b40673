using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace WoSignDoc.Tests.Support;

/// <summary>Programs that tests run and wait for, or run beside them.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _name;

    internal RunningProgram(string file, string arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        _name = Path.GetFileName(file);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        };
        foreach (KeyValuePair<string, string?> variable in environment ?? new Dictionary<string, string?>())
        {
            start.EnvironmentVariables.Remove(variable.Key);
            if (variable.Value is not null)
            {
                start.EnvironmentVariables[variable.Key] = variable.Value;
            }
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits for a line that starts so, and gives the rest of it.</summary>
    internal string WaitForLine(string start, int seconds = 60)
    {
        for (int tries = 0; tries < seconds * 20; tries++)
        {
            foreach (string line in Output.Split('\n'))
            {
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    return line.Substring(start.Length).Trim();
                }
            }

            if (_process.HasExited)
            {
                break;
            }

            Thread.Sleep(50);
        }

        throw new InvalidOperationException($"{_name} never said \"{start}\": {Output}");
    }

    /// <summary>Waits for its end, and gives its exit code.</summary>
    internal int WaitForExit(int seconds = 120)
    {
        if (!_process.WaitForExit(seconds * 1000))
        {
            _process.Kill();
            throw new InvalidOperationException($"{_name} did not end within {seconds} s: {Output}");
        }

        _process.WaitForExit(); // Until its output is read too.
        return _process.ExitCode;
    }

    /// <summary>Runs a program to its end and gives what it printed; it must succeed.</summary>
    internal static string Run(string file, string arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var program = new RunningProgram(file, arguments, environment);
        int code = program.WaitForExit();
        return code == 0
            ? program.Output
            : throw new InvalidOperationException($"{file} {arguments}: exit code {code}: {program.Output}");
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    internal static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            // With a limit: without one, this waits for children that still hold the output open.
            _process.WaitForExit(5000);
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
