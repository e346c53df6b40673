using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace WoSignDoc.Testing;

// Where the program is looked for.
internal static class ServerPlaces
{
    private const string Variable = "WOSIGNDOC_SERVER";

    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static string FileName => IsWindows ? "wosigndoc-server.exe" : "wosigndoc-server";

    internal static string Find(string? given)
    {
        if (given is not null)
        {
            return Named(given, "the option Server", "选项 Server");
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Named(named, $"the variable {Variable}", $"环境变量 {Variable}");
        }

        foreach (string folder in Folders())
        {
            string file = Path.Combine(folder, FileName);
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new SandboxException(
            $"there is no {FileName} in {AppContext.BaseDirectory}, nor on PATH. Unpack the archive wosigndoc-server of the same "
                + $"version as this package, and name the program in it by the variable {Variable} or the option Server",
            $"在 {AppContext.BaseDirectory} 和 PATH 中都找不到 {FileName}。请解压与本软件包版本相同的 wosigndoc-server，"
                + $"并用环境变量 {Variable} 或选项 Server 指定其中的程序");
    }

    private static string Named(string path, string english, string chinese) =>
        File.Exists(path)
            ? Path.GetFullPath(path)
            : throw new SandboxException(
                $"there is no file {path}, which {english} names: give the path of the program wosigndoc-server",
                $"{chinese} 指定的文件 {path} 不存在：请给出程序 wosigndoc-server 的路径");

    private static IEnumerable<string> Folders()
    {
        // Here a build puts what a package brings for this platform: first, so that it fits the package.
        string system = IsWindows ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux";
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{architecture}", "native");
        yield return AppContext.BaseDirectory;
        string path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        foreach (string folder in path.Split([Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder.Trim('"');
        }
    }
}
