using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace WoSignDoc.Testing.Tests;

/// <summary>The sandboxes' processes, as the system sees them.</summary>
internal static class Servers
{
    /// <summary>The id of the process that serves this folder.</summary>
    internal static string Of(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "server.json")))!["pid"]!.ToJsonString();

    internal static bool IsRunning(string id) => State(id) is { } state && state != "Z";

    /// <summary>Those that this process has started and that are there still, ended ones that nobody waited for too.</summary>
    internal static string[] Left()
    {
        string own = Own.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. Directory.GetDirectories("/proc")
                .Where(folder => Parent(Path.GetFileName(folder)) == own && Name(folder) == "wosigndoc-serve"),
        ];
    }

    /// <summary>Waits for something that nobody tells.</summary>
    internal static async Task UntilAsync(Func<bool> isSo)
    {
        for (int tries = 0; !isSo(); tries++)
        {
            if (tries > 3000)
            {
                throw new TimeoutException("it was not so within a minute");
            }

            await Task.Delay(20);
        }
    }

#if NET
    private static int Own => Environment.ProcessId;
#else
    private static int Own => System.Diagnostics.Process.GetCurrentProcess().Id;
#endif

    private static string? State(string id) => Field(id, 0);

    private static string? Parent(string id) => Field(id, 1);

    private static string Name(string folder) => Read(Path.Combine(folder, "comm")).Trim();

    // What stands behind the name, in parentheses, in /proc/ID/stat.
    private static string? Field(string id, int number)
    {
        string text = Read($"/proc/{id}/stat");
        string[] fields = text.Substring(text.LastIndexOf(')') + 1).Split([' '], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > number ? fields[number] : null;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return string.Empty; // It has ended.
        }
        catch (UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
