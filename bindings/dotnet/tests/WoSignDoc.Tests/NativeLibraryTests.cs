using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Which native library is loaded, each case in a process of its own.</summary>
public sealed class NativeLibraryTests
{
    private static string RealLibrary => WoSignDocLibrary.LoadedFrom;

    [Test]
    public void The_library_says_its_version()
    {
        Assert.That(WoSignDocLibrary.Version, Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That(WoSignDocLibrary.AbiVersion, Is.EqualTo(1));
        Assert.That(WoSignDocLibrary.CatalogueJson(), Does.Contain("identity_expired").And.Contain("客户端证书"));
    }

    [Test]
    public void The_named_library_is_used()
    {
        Assert.That(Probe(null, RealLibrary), Does.StartWith($"loaded {RealLibrary} "));
        Assert.That(Probe(RealLibrary, "/nonexistent/variable.so"), Does.StartWith($"loaded {RealLibrary} "));
    }

    [Test]
    public void A_missing_library_names_every_place()
    {
        Assert.That(
            Probe(null, "/nonexistent/libwosigndoc.so"),
            Does.StartWith("native_library_not_found").And.Contain("/nonexistent/libwosigndoc.so: "));
        string output = Probe(null, null);
        Assert.That(
            output,
            Does.StartWith("native_library_not_found")
                .And.Contain(Path.Combine("runtimes", "linux-x64", "native", "libwosigndoc.so") + ": ")
                .And.Contain(Path.Combine("runtimes", "linux-musl-x64", "native", "libwosigndoc.so") + ": ")
                .And.Contain("; libwosigndoc.so.1: ")
                .And.Contain("; libwosigndoc.so: ")
                .And.Contain("WOSIGNDOC_LIBRARY"));
    }

    [Test]
    public void A_library_beside_the_program_is_found()
    {
        With(RealLibrary, Beside, () => Assert.That(Probe(null, null), Does.StartWith($"loaded {Beside} ")));
    }

    [Test]
    public void Another_library_is_refused()
    {
        string other = Compile("int another_library(void) { return 1; }");
        Assert.That(Probe(null, other), Does.StartWith("native_library_wrong").And.Contain(other));

        string text = Path.Combine(Repository.NewFolder(), "libwosigndoc.so");
        File.WriteAllText(text, "not a library at all");
        Assert.That(Probe(null, text), Does.StartWith("native_library_wrong").And.Contain(text + " is no library of Linux"));
    }

    /// <summary>The linker would end the process by a signal, or wait for ever.</summary>
    [Test]
    public void A_file_that_cannot_be_loaded_is_told_before_it_is()
    {
        string file = Path.Combine(Repository.NewFolder(), "libwosigndoc.so");
        byte[] whole = File.ReadAllBytes(RealLibrary);
        foreach (int length in new[] { 0, 20, 100_000, whole.Length - 1 })
        {
            File.WriteAllBytes(file, whole.AsSpan(0, length).ToArray());
            Assert.That(Probe(null, file), Does.StartWith($"native_library_wrong abi= {file} is cut off: copy it again"));
        }

        const int Machine = 18, Arm64 = 183;
        whole[Machine] = Arm64;
        File.WriteAllBytes(file, whole);
        Assert.That(Probe(file, null), Does.Contain($"{file} is for aarch64, this process is x86_64"));

        File.Delete(file);
        RunningProgram.Run("mkfifo", file);
        Assert.That(Probe(null, file), Does.Contain($"{file} is no regular file"));
        string folder = Path.GetDirectoryName(file)!;
        Assert.That(Probe(null, folder), Does.Contain($"{folder} is no regular file"));
    }

    /// <summary>Nobody is told to name a file who has named one.</summary>
    [Test]
    public void The_advice_is_about_the_file_that_was_named()
    {
        Assert.That(
            Probe(null, "/nonexistent/libwosigndoc.so"),
            Does.Contain("name a file that is there").And.Not.Contain("WOSIGNDOC_LIBRARY"));
    }

    [Test]
    public void A_library_of_an_older_abi_is_refused()
    {
        string old = Compile("unsigned wsd_abi_version(void) { return 0; }");
        Assert.That(
            Probe(old, null),
            Does.StartWith("native_library_abi abi=0").And.Contain(old).And.Contain("has ABI 0").And.Contain("needs ABI 1"));
    }

    [Test]
    public void A_library_that_lacks_functions_is_refused()
    {
        string poor = Compile("unsigned wsd_abi_version(void) { return 1; } void wsd_free(void) {}");
        Assert.That(
            Probe(poor, null),
            Does.StartWith("native_library_incomplete abi=1").And.Contain(poor)
                .And.Contain("lacks functions that this package needs: wsd_version, ").And.Not.Contain("wsd_free"));
    }

    [Test]
    public void A_packaged_library_of_another_version_is_passed_over()
    {
        string old = Compile("unsigned wsd_abi_version(void) { return 0; }");
        string poor = Compile("unsigned wsd_abi_version(void) { return 1; }");
        With(old, Beside, () =>
        {
            With(poor, Packaged, () => Assert.That(
                Probe(null, null),
                Does.StartWith("native_library_abi abi=0 " + Beside)
                    .And.Contain($"; tried {Beside}: has ABI 0, ")
                    .And.Contain($"; {Packaged}: lacks functions ")
                    .And.Contain("; libwosigndoc.so.1: ")));
            With(RealLibrary, Packaged, () => Assert.That(Probe(null, null), Does.StartWith($"loaded {Packaged} ")));
        });
    }

    /// <summary>As where the process has the other C library than was thought.</summary>
    [Test]
    public void A_library_that_does_not_load_makes_room_for_the_other()
    {
        string broken = Path.Combine(Repository.NewFolder(), "libwosigndoc.so");
        File.WriteAllText(broken, "for another C library");
        With(broken, Packaged, () => With(RealLibrary, PackagedForMusl, () => Assert.That(
            Probe(null, null), Does.StartWith($"loaded {PackagedForMusl} "))));
    }

    /// <summary>A folder's name may have any letters, for every runtime.</summary>
    [Test]
    public void A_library_in_a_folder_with_a_Chinese_name_is_used()
    {
        string place = Path.Combine(Repository.NewFolder(), "合同 #1", "libwosigndoc.so");
        With(RealLibrary, place, () => Assert.That(Probe(null, place), Does.Match(@"^loaded .* \d+\.\d+\.\d+")));
    }

    [Test]
    public void A_second_library_is_refused()
    {
        Assert.DoesNotThrow(() => WoSignDocLibrary.Load(RealLibrary));
        NativeLibraryException exception =
            Assert.Throws<NativeLibraryException>(() => WoSignDocLibrary.Load("/somewhere/else.so"))!;
        Assert.That(exception.Reason, Is.EqualTo("native_library_loaded"));
        Assert.That(exception.LibraryPath, Is.EqualTo(RealLibrary));
    }

    private static string Beside => Path.Combine(ProbeFolder, "libwosigndoc.so");

    private static string Packaged => PackagedFor("linux-x64");

    private static string PackagedForMusl => PackagedFor("linux-musl-x64");

    private static string PackagedFor(string platform) =>
        Path.Combine(ProbeFolder, "runtimes", platform, "native", "libwosigndoc.so");

    /// <summary>Does something while a library is also at another place.</summary>
    private static void With(string library, string place, Action act)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Copy(library, place);
        try
        {
            act();
        }
        finally
        {
            File.Delete(place);
        }
    }

    internal static string ProbeFolder => Repository.Built("Probe", Target);

#if NETFRAMEWORK
    private static string Target => "net462";
#else
    private static string Target => "net10.0";
#endif

    /// <summary>Runs the probe on this runtime.</summary>
    internal static string RunProbe(string arguments, string? variable)
    {
        using RunningProgram probe = StartProbe(arguments, variable);
        Assert.That(probe.WaitForExit(), Is.Zero, probe.Output);
        return probe.Output;
    }

    /// <summary>Starts the probe on this runtime.</summary>
    internal static RunningProgram StartProbe(string arguments, string? variable)
    {
        var environment = new Dictionary<string, string?>
        {
            ["WOSIGNDOC_LIBRARY"] = variable,
            // CoreCLR lets the youngest generation grow as it likes, and compiles hot methods again later on:
            // kept at 4 MB, and compiled once, what grows is a leak.
            ["DOTNET_GCgen0size"] = "0x400000",
            ["DOTNET_TieredCompilation"] = "0",
        };
#if NETFRAMEWORK
        return new RunningProgram("mono", $"{Path.Combine(ProbeFolder, "Probe.exe")} {arguments}", environment);
#else
        return new RunningProgram("dotnet", $"{Path.Combine(ProbeFolder, "Probe.dll")} {arguments}", environment);
#endif
    }

    private static string Probe(string? explicitPath, string? variable) => RunProbe($"load {explicitPath}", variable);

    /// <summary>Compiles a shared library from C.</summary>
    private static string Compile(string source)
    {
        string folder = Repository.NewFolder();
        string code = Path.Combine(folder, "library.c"), library = Path.Combine(folder, "libwosigndoc.so");
        File.WriteAllText(code, source);
        RunningProgram.Run("cc", $"-shared -fPIC -o {library} {code}");
        return library;
    }
}
