using System.IO;
using System.Linq;
using NUnit.Framework;
using WoSignDoc.Interop;
using static WoSignDoc.Interop.CLibrary;

namespace WoSignDoc.Tests;

/// <summary>Which native library fits which process, by facts of processes that are not here.</summary>
public sealed class NativePlatformTests
{
    [TestCase("linux", "x64", Glibc, "linux-x64 linux-musl-x64")]
    [TestCase("linux", "x64", Musl, "linux-musl-x64 linux-x64")]
    [TestCase("linux", "arm64", Glibc, "linux-arm64 linux-musl-arm64")]
    [TestCase("linux", "arm64", Musl, "linux-musl-arm64 linux-arm64")]
    [TestCase("linux", "arm64", Unknown, "linux-arm64 linux-musl-arm64")]
    [TestCase("win", "x64", Unknown, "win-x64")]
    [TestCase("win", "x86", Unknown, "")]
    [TestCase("win", "arm64", Unknown, "")]
    [TestCase("linux", "x86", Glibc, "")]
    [TestCase("linux", "arm", Musl, "")]
    [TestCase("linux", "loongarch64", Glibc, "")]
    [TestCase("osx", "arm64", Unknown, "")]
    [TestCase("unknown", "x64", Unknown, "")]
    public void A_process_tries_what_fits_it(string os, string architecture, object library, string platforms)
    {
        ProcessFacts facts = Facts(os, architecture) with { CLibrary = (CLibrary)library };
        Assert.That(string.Join(" ", NativePlatforms.For(facts)), Is.EqualTo(platforms));
    }

    [TestCase("7f00-7f01 r--p 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libc.so.6", Glibc)]
    [TestCase("7f00-7f01 r--p 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libc.so.6 (deleted)", Glibc)]
    [TestCase("7f00-7f01 r-xp 00000000 fd:00 1 /usr/lib64/libc-2.17.so", Glibc)]
    [TestCase("7f00-7f01 r-xp 00000000 fd:00 1 /lib/aarch64-linux-gnu/ld-2.31.so", Glibc)]
    [TestCase("7f00-7f01 r--p 00000000 08:01 1 /lib64/ld-linux-x86-64.so.2", Glibc)]
    [TestCase("7f00-7f01 r-xp 00000000 00:1a 1 /lib/ld-musl-x86_64.so.1", Musl)]
    [TestCase("7f00-7f01 r-xp 00000000 00:1a 1 /lib/ld-musl-aarch64.so.1 (deleted)", Musl)]
    [TestCase("7f00-7f01 r-xp 00000000 00:1a 1 /lib/libc.musl-x86_64.so.1", Musl)]
    [TestCase("7f00-7f01 r-xp 00000000 00:1a 1 /usr/lib/libc.so", Musl)]
    [TestCase("7f00-7f01 r-xp 00000000 00:1a 1 /srv/ld-musl-x/libcurl.so.4", Unknown)]
    [TestCase("7ffd-7ffe r-xp 00000000 00:00 0 [vdso]", Unknown)]
    [TestCase("", Unknown)]
    public void The_C_library_is_the_one_that_is_mapped(string mapping, object library)
    {
        string[] before = ["5500-5501 r--p 00000000 08:01 1 /usr/bin/dotnet", "7ffd-7ffe rw-p 00000000 00:00 0 [stack]"];
        Assert.That(ProcessFacts.CLibraryAmong([.. before, mapping]), Is.EqualTo(library));
    }

    [Test]
    public void This_process_is_known()
    {
        var facts = ProcessFacts.OfThisProcess();
        Assert.That(facts.Os, Is.EqualTo("linux"));
        Assert.That(facts.CLibrary, Is.Not.EqualTo(Unknown));
        Assert.That(NativePlatforms.For(facts), Is.Not.Empty);
        Assert.That(facts.Program, Is.Not.Empty.And.Not.Contains("/"));
#if NETFRAMEWORK
        Assert.That(facts.IsFramework, Is.True);
#else
        Assert.That(facts.IsFramework, Is.False);
#endif
    }

    [TestCase(".NET Framework 4.8.9037.0", true)]
    [TestCase("Mono 6.8.0.105", true)]
    [TestCase(".NET 8.0.4", false)]
    [TestCase(".NET Core 3.1.0", false)]
    public void A_framework_is_known_by_its_name(string name, bool framework) =>
        Assert.That(ProcessFacts.IsFrameworkName(name), Is.EqualTo(framework));

    /// <summary>One sentence: what was found, what there is, what to do. No library is where one was looked for.</summary>
    [TestCase("win", "x86", "w3wp", true, "32-bit process (win-x86)", "Enable 32-Bit Applications", "启用 32 位应用程序")]
    [TestCase("win", "x86", "W3WP", false, "32-bit process (win-x86)", "Enable 32-Bit Applications", "启用 32 位应用程序")]
    [TestCase("win", "x86", "iisexpress", true, "32-bit process (win-x86)", "64 bit version of IIS", "64 位的 IIS Express")]
    [TestCase("win", "x86", "Contracts", true, "32-bit process (win-x86)", "<Prefer32Bit>false", "首选 32 位")]
    [TestCase("win", "x86", "Contracts", false, "32-bit process (win-x86)", "publish with -r win-x64", "以 -r win-x64 发布")]
    [TestCase("win", "arm64", "Contracts", false, "process of win-arm64", "Windows 11 on Arm", "Arm 上的 Windows 11")]
    [TestCase("linux", "arm", "dotnet", false, "32-bit process (linux-arm)", "64-bit system", "64 位系统")]
    [TestCase("linux", "riscv64", "dotnet", false, "process of linux-riscv64", "from its source", "源代码")]
    [TestCase("osx", "arm64", "dotnet", false, "process of osx-arm64", "from its source", "源代码")]
    public void A_process_without_a_library_is_told_what_to_do(
        string os, string architecture, string program, bool framework, string found, string advice, string adviceZh)
    {
        ProcessFacts facts = Facts(os, architecture) with { Program = program, IsFramework = framework };
        var exception = NativeLibraryException.NotFound(facts, ["/srv/x: no such file"]);
        Assert.Multiple(() =>
        {
            Assert.That(exception.Reason, Is.EqualTo("native_library_platform"));
            Assert.That(exception.MessageEn, Does.StartWith($"this is a {found}, for which "));
            Assert.That(exception.MessageEn, Does.Contain(", win-x64; tried /srv/x: no such file"));
            Assert.That(exception.MessageZh, Does.StartWith("这是 ").And.Contain($"{os}-{architecture}"));
            Assert.That(exception.MessageZh, Does.Contain("、win-x64；已尝试 /srv/x: "));
            Assert.That(exception.Advice, Does.Contain(advice).And.EndWith("by WOSIGNDOC_LIBRARY"));
            Assert.That(exception.AdviceZh, Does.Contain(adviceZh).And.Contain("WOSIGNDOC_LIBRARY"));
            Assert.That(exception.Tried, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void Where_there_is_a_library_it_is_only_not_found()
    {
        var exception = NativeLibraryException.NotFound(Facts("win", "x64"), ["a", "b"]);
        Assert.That(exception.Reason, Is.EqualTo("native_library_not_found"));
    }

    [Test]
    public void A_library_is_looked_for_beside_the_program_and_by_platform()
    {
        string[] places = [.. NativePlaces.Packaged(["/a", "/b"], Facts("linux", "arm64") with { CLibrary = Musl })];
        Assert.That(places, Is.EqualTo(new[]
        {
            "/a/libwosigndoc.so",
            "/a/runtimes/linux-musl-arm64/native/libwosigndoc.so",
            "/a/runtimes/linux-arm64/native/libwosigndoc.so",
            "/b/libwosigndoc.so",
            "/b/runtimes/linux-musl-arm64/native/libwosigndoc.so",
            "/b/runtimes/linux-arm64/native/libwosigndoc.so",
        }));
        places = [.. NativePlaces.Packaged(["/a"], Facts("win", "x64"))];
        Assert.That(places, Is.EqualTo(new[] { "/a/libwosigndoc.dll", "/a/runtimes/win-x64/native/libwosigndoc.dll" }));
        Assert.That(NativePlaces.Packaged(["/a"], Facts("win", "x86")), Is.EqualTo(new[] { "/a/libwosigndoc.dll" }));
    }

    /// <summary>On Windows that would be one file for both, wherever they lie side by side.</summary>
    [Test]
    public void The_native_library_has_no_assemblys_name()
    {
        foreach (string os in new[] { "win", "linux", "osx" })
        {
            string name = Path.GetFileNameWithoutExtension(NativePlatforms.FileName(os));
            Assert.That(name, Is.Not.EqualTo(typeof(WoSignDocLibrary).Assembly.GetName().Name).IgnoreCase);
        }
    }

    /// <summary>As in ASP.NET, which runs copies of the assemblies.</summary>
    [Test]
    public void A_site_is_searched_where_its_assemblies_came_from()
    {
        string[] roots = [.. NativePlaces.FrameworkRoots(
            "/srv/site", "bin;/srv/more", "file:///srv/original/bin/WoSignDoc.dll", Facts("linux", "x64"))];
        Assert.That(
            roots, Is.EqualTo(new[] { "/srv/site", "/srv/site/bin", "/srv/more", "/srv/site/bin", "/srv/original/bin" }));
        roots = [.. NativePlaces.FrameworkRoots("/srv/program", null, null, Facts("linux", "x64"))];
        Assert.That(roots, Is.EqualTo(new[] { "/srv/program", "/srv/program/bin" }));
    }

    [TestCase("file:///C:/inetpub/site/bin/WoSignDoc.DLL", true, @"C:\inetpub\site\bin")]
    [TestCase("file:///D:/合同 C#/100%41/bin/WoSignDoc.dll", true, @"D:\合同 C#\100%41\bin")]
    [TestCase("file://server/share/bin/WoSignDoc.dll", true, @"\\server\share\bin")]
    [TestCase("FILE://///server/share/WoSignDoc.dll", true, @"\\server\share")]
    [TestCase("file:///srv/合同 #1/bin/WoSignDoc.dll", false, "/srv/合同 #1/bin")]
    [TestCase("http://server/bin/WoSignDoc.dll", true, null)]
    [TestCase("", false, null)]
    [TestCase(null, false, null)]
    public void A_code_base_is_a_path_with_nothing_escaped(string? codeBase, bool windows, string? folder) =>
        Assert.That(NativePlaces.CodeBaseFolder(codeBase, windows), Is.EqualTo(folder));

    private static ProcessFacts Facts(string os, string architecture) => new() { Os = os, Architecture = architecture };
}
