using System.Collections.Generic;
using WoSignDoc.Interop;

namespace WoSignDoc;

/// <summary>
/// Says that there is no usable native library: the message names every place that was tried and why it failed.
/// </summary>
public sealed class NativeLibraryException : WoSignDocException
{
    private NativeLibraryException(ErrorDetails details)
        : base(details)
    {
    }

    /// <summary>Every place that was tried, each with the reason why it failed.</summary>
    public IReadOnlyList<string> Tried { get; private init; } = [];

    /// <summary>The first file that was found but cannot be used; null when none was.</summary>
    public string? LibraryPath { get; private init; }

    /// <summary>The ABI number of that file; null when it has none.</summary>
    public long? FoundAbi { get; private init; }

    // Tells that nothing could be loaded: no wonder in a process that no library is made for.
    // `named`: Whoever runs the program has named the one file that was tried.
    internal static NativeLibraryException NotFound(ProcessFacts facts, IReadOnlyList<string> tried, bool named = false)
    {
        ErrorDetails details = NativePlatforms.For(facts).Length == 0 ? Unsupported(facts, tried)
            : named ? Named(tried)
            : Missing(tried);
        return new(details) { Tried = tried };
    }

    private static ErrorDetails Named(IReadOnlyList<string> tried) => Missing(tried) with
    {
        Advice = "name a file that is there, readable and made for this system and its C library; where none is named, the package's own is used",
        AdviceZh = "请指定存在、可读且适用于本系统及其 C 库的文件；不指定时使用软件包自带的文件",
    };

    private static ErrorDetails Missing(IReadOnlyList<string> tried) => Describe(
        "native_library_not_found",
        "the native library was not found; tried " + string.Join("; ", tried),
        "未找到原生库；已尝试 " + string.Join("；", tried),
        "set WOSIGNDOC_LIBRARY to the path of libwosigndoc, or deploy the package's native file with the program",
        "请将 WOSIGNDOC_LIBRARY 设为 libwosigndoc 的路径，或随程序部署软件包中的原生库");

    private static ErrorDetails Unsupported(ProcessFacts facts, IReadOnlyList<string> tried)
    {
        (string name, string nameZh) = NativePlatforms.Name(facts);
        (string advice, string adviceZh) = NativePlatforms.Advice(facts);
        return Describe(
            "native_library_platform",
            $"this is {name}, for which the package has no native library; it has "
                + string.Join(", ", NativePlatforms.All) + "; tried " + string.Join("; ", tried),
            $"这是{nameZh}，软件包中没有适用的原生库；其中有 {string.Join("、", NativePlatforms.All)}；"
                + "已尝试 " + string.Join("；", tried),
            advice + "; a library of your own is named by WOSIGNDOC_LIBRARY",
            adviceZh + "；也可用 WOSIGNDOC_LIBRARY 指定您自己的库");
    }

    // Tells of files that were found but cannot be used: of the first at length, and of all the others.
    internal static NativeLibraryException Refused(LibraryRefusal first, IReadOnlyList<string> tried)
    {
        bool alone = tried.Count == 1;
        return new(Describe(
            first.Reason,
            $"{first.Path} {first.What}" + (alone ? string.Empty : "; tried " + string.Join("; ", tried)),
            $"{first.Path} {first.WhatZh}" + (alone ? string.Empty : "；已尝试 " + string.Join("；", tried)),
            first.Advice,
            first.AdviceZh))
        {
            Tried = tried,
            LibraryPath = first.Path,
            FoundAbi = first.Abi,
        };
    }

    internal static NativeLibraryException AlreadyLoaded(string loaded, string asked) =>
        new(Describe(
            "native_library_loaded",
            $"{asked} cannot be loaded: this process uses {loaded} already",
            $"无法加载 {asked}：本进程已在使用 {loaded}",
            "name the library before anything else of the package is used",
            "请在使用本软件包的其他功能之前指定原生库"))
        {
            LibraryPath = loaded,
        };

    private static ErrorDetails Describe(string reason, string en, string zh, string advice, string adviceZh) => new()
    {
        Kind = ErrorKind.NativeLibrary,
        Reason = reason,
        MessageEn = en,
        MessageZh = zh,
        Advice = advice,
        AdviceZh = adviceZh,
    };
}

// Says what is wrong with a library that was found.
internal sealed record LibraryRefusal(
    string Reason, string Path, long? Abi, string What, string WhatZh, string Advice, string AdviceZh)
{
    internal static LibraryRefusal NotRegular(string path) => Wrong(path, "is no regular file", "不是普通文件");

    internal static LibraryRefusal NotElf(string path) => Wrong(
        path, "is no library of Linux: it is no ELF file", "不是 Linux 的库：不是 ELF 文件");

    internal static LibraryRefusal CutOff(string path) => Wrong(path, "is cut off: copy it again", "不完整：请重新复制") with
    {
        Advice = "compare its length with that of the original",
        AdviceZh = "请与原文件核对大小",
    };

    internal static LibraryRefusal OtherProcessor(string path, string there, string here) => Wrong(
        path, $"is for {there}, this process is {here}", $"用于 {there}，本进程是 {here}") with
    {
        Advice = $"name the file for {here}",
        AdviceZh = $"请指定用于 {here} 的文件",
    };

    internal static LibraryRefusal NotOurs(string path) => Wrong(
        path,
        "is not the wosigndoc library: it has no wsd_abi_version",
        "不是 wosigndoc 库：其中没有 wsd_abi_version");

    internal static LibraryRefusal WrongAbi(string path, uint found, uint needed) => OtherVersion(
        "native_library_abi",
        path,
        found,
        $"has ABI {found}, but this package needs ABI {needed}",
        $"的 ABI 为 {found}，本软件包需要 ABI {needed}");

    internal static LibraryRefusal Incomplete(string path, uint found, IReadOnlyList<string> missing) => OtherVersion(
        "native_library_incomplete",
        path,
        found,
        "lacks functions that this package needs: " + string.Join(", ", missing),
        "缺少本软件包所需的函数：" + string.Join("、", missing));

    private static LibraryRefusal Wrong(string path, string what, string whatZh) => new(
        "native_library_wrong", path, null, what, whatZh, "name the right file", "请指定正确的文件");

    private static LibraryRefusal OtherVersion(string reason, string path, uint abi, string what, string whatZh) => new(
        reason,
        path,
        abi,
        what,
        whatZh,
        "install the native library and the package of the same version",
        "请安装版本一致的原生库和软件包");
}
