using System;
using System.Linq;
using Sentence = (string En, string Zh);

namespace WoSignDoc.Interop;

// Says which of the packaged libraries fit a process, and what to do where none does.
internal static class NativePlatforms
{
    // Those that there are, by the names of their folders in the package.
    internal static readonly string[] All =
        ["linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64", "win-x64"];

    // Gives those to try, the likeliest first; none: there is no library for this process. One for the other C library
    // fails to load and does no harm, so it is tried too: where nothing tells which the process has, one of both fits.
    internal static string[] For(ProcessFacts facts)
    {
        string glibc = $"linux-{facts.Architecture}", musl = $"linux-musl-{facts.Architecture}";
        string[] wanted = facts switch
        {
            { Os: ProcessFacts.Linux, CLibrary: CLibrary.Musl } => [musl, glibc],
            { Os: ProcessFacts.Linux } => [glibc, musl],
            _ => [$"{facts.Os}-{facts.Architecture}"],
        };
        return [.. wanted.Where(static one => Array.IndexOf(All, one) >= 0)];
    }

    // The library's name in the package and beside a program. On Windows it keeps the prefix: names differ by more than
    // case there, and WoSignDoc.dll is this assembly.
    internal static string FileName(string os) => os switch
    {
        ProcessFacts.Windows => "libwosigndoc.dll",
        ProcessFacts.Mac => "libwosigndoc.dylib",
        _ => "libwosigndoc.so",
    };

    // Says what a process is that no library fits.
    internal static Sentence Name(ProcessFacts facts)
    {
        string name = $"{facts.Os}-{facts.Architecture}";
        return facts.Is32Bit
            ? ($"a 32-bit process ({name})", $" 32 位进程（{name}）")
            : ($"a process of {name}", $" {name} 进程");
    }

    // Says what to do in such a process: which switch to turn, where one helps.
    internal static Sentence Advice(ProcessFacts facts) => facts switch
    {
        { Os: ProcessFacts.Windows, Is32Bit: true } => Program(facts) switch
        {
            "w3wp" => (
                "set \"Enable 32-Bit Applications\" of the site's application pool to False (IIS Manager, "
                    + "Application Pools, Advanced Settings)",
                "请在 IIS 管理器的“应用程序池”“高级设置”中，把该网站应用程序池的“启用 32 位应用程序”"
                    + "（Enable 32-Bit Applications）设为 False"),
            "iisexpress" => (
                "turn on \"Use the 64 bit version of IIS Express for web sites and projects\" in Visual Studio "
                    + "(Tools, Options, Projects and Solutions, Web Projects)",
                "请在 Visual Studio 的“工具”“选项”“项目和解决方案”“Web 项目”中，勾选使用 64 位的 IIS Express"
                    + "（Use the 64 bit version of IIS Express for web sites and projects）"),
            _ when facts.IsFramework => (
                "build the program as a 64-bit one: <PlatformTarget>x64</PlatformTarget>, or AnyCPU with "
                    + "<Prefer32Bit>false</Prefer32Bit> (\"Prefer 32-bit\" in the project's build settings)",
                "请把程序生成为 64 位：<PlatformTarget>x64</PlatformTarget>，或 AnyCPU 加 <Prefer32Bit>false</Prefer32Bit>"
                    + "（即项目生成设置中不勾选“首选 32 位”）"),
            _ => (
                "use the 64-bit runtime: publish with -r win-x64, or start the program by the dotnet in "
                    + "C:\\Program Files, not by that in C:\\Program Files (x86)",
                "请使用 64 位运行时：以 -r win-x64 发布，或用 C:\\Program Files 中的 dotnet 启动程序，而不是 "
                    + "C:\\Program Files (x86) 中的"),
        },
        { Os: ProcessFacts.Windows, Architecture: "arm64" } => (
            "build the program for x64 (<PlatformTarget>x64</PlatformTarget>, or publish with -r win-x64), which "
                + "Windows 11 on Arm runs",
            "请把程序生成为 x64（<PlatformTarget>x64</PlatformTarget>，或以 -r win-x64 发布），Arm 上的 Windows 11 可以运行"),
        { Is32Bit: true } => ("use the 64-bit runtime, on a 64-bit system", "请在 64 位系统上使用 64 位运行时"),
        _ => ("build the native library for this system from its source", "请从源代码为此系统生成原生库"),
    };

    private static string Program(ProcessFacts facts) => facts.Program.ToLowerInvariant();
}
