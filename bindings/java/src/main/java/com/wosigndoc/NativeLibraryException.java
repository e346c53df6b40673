package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reports that the native library was not found, is not this one, or has another ABI, or that there is none for this
 * platform. The message names every place tried.
 */
public final class NativeLibraryException extends WoSignDocException {
    private static final String SETTINGS =
            NativeLibraryLoader.VARIABLE + " or the system property " + NativeLibraryLoader.PROPERTY;
    private static final String SETTINGS_ZH =
            NativeLibraryLoader.VARIABLE + " 或系统属性 " + NativeLibraryLoader.PROPERTY;

    NativeLibraryException(JsonObject document) {
        super(document);
    }

    static NativeLibraryException notFound(TriedPlaces tried) {
        return tried.unpacked()
                ? unusable(tried, "set " + SETTINGS + " to the file's path", "请将 " + SETTINGS_ZH + " 设为文件路径")
                : unusable(tried,
                        "free some space in the temporary folder, or name another that may be written to: java "
                                + "-Djna.tmpdir=FOLDER",
                        "请释放临时目录的空间，或用 java -Djna.tmpdir=目录 指定另一个可写的目录");
    }

    /** Tells that the file which somebody named cannot be used. */
    static NativeLibraryException refused(TriedPlaces tried) {
        return unusable(tried,
                "mend or replace this file, which useLibrary, " + SETTINGS + " names",
                "请修复或更换该文件；它由 useLibrary、" + SETTINGS_ZH + " 指定");
    }

    private static NativeLibraryException unusable(TriedPlaces tried, String advice, String adviceZh) {
        // The advice is in the message too: often a stack trace is all that is seen of this one.
        return of("no usable native library was found; " + advice + ". Tried " + tried.inEnglish(),
                "没有找到可用的原生库；" + adviceZh + "。已尝试 " + tried.inChinese(), advice, adviceZh);
    }

    /** Tells that the package has no library for this platform, and nobody named another. */
    static NativeLibraryException noneFor(NativePlatform platform) {
        // A virtual machine for x86-64 is at hand there.
        String other = platform.windowsOnArm() ? "install a Java for x86-64, which Windows on Arm runs as well, or " : "";
        String otherZh = platform.windowsOnArm() ? "安装 x86-64 版 Java（Arm 版 Windows 也能运行），或" : "";
        String advice = other + "set " + SETTINGS + " to the path of a library that was built for it";
        String adviceZh = "请" + otherZh + "将 " + SETTINGS_ZH + " 设为针对该平台编译的库文件路径";
        return of("this package has no native library for " + platform + ", only for " + NativePlatform.PACKAGED + "; "
                        + advice,
                "本包没有 " + platform + " 的原生库，只有 " + NativePlatform.PACKAGED_ZH + " 的；" + adviceZh,
                advice, adviceZh);
    }

    static NativeLibraryException incomplete(String file, String missing) {
        Matcher function = Pattern.compile("wsd_\\w+").matcher(missing);
        String name = function.find() ? function.group() : null;
        return of(file + " lacks functions that this package needs: " + (name == null ? missing : name),
                file + " 缺少本包所需的函数" + (name == null ? "" : "：" + name),
                "install the library and the package of the same version", "请安装版本一致的原生库和软件包");
    }

    static NativeLibraryException loadedAlready(String file) {
        return of("the native library is loaded already, from " + file,
                "原生库已加载，来自 " + file,
                "name the library before anything else of the package is used", "请在使用本包的其他功能之前指定原生库");
    }

    /** Tells that JNA cannot be used, whichever library is named: its own native part comes first. */
    static NativeLibraryException withoutJna(String why) {
        String advice = "let JNA unpack it where there is free space and programs may be run (not a folder mounted noexec): java "
                + "-Djna.tmpdir=FOLDER; or name a folder that has it by -Djna.boot.library.path=FOLDER; or use the "
                + "system's by -Djna.nosys=false";
        String adviceZh = "请让 JNA 将其解压到有剩余空间且允许执行的目录（未以 noexec 挂载）：java -Djna.tmpdir=目录；"
                + "或用 -Djna.boot.library.path=目录 指定已有该部分的目录；或用 -Djna.nosys=false 使用系统自带的";
        // JNA may add the whole class path.
        return of("JNA could not load its own native part: " + why.split(" in resource path ", 2)[0] + "; " + advice,
                "JNA 无法加载其自身的原生部分；" + adviceZh, advice, adviceZh);
    }

    /** Tells that a 32-bit Java runs, for which there is no library: {@link NativeCalls} passes 64-bit numbers. */
    static NativeLibraryException not64Bit(NativePlatform platform) {
        String advice = "install a 64-bit Java and run the program with it";
        String adviceZh = "请安装 64 位 Java 并用它运行程序";
        return of("this is a 32-bit Java (" + platform + "), and this package has native libraries for a 64-bit one on "
                        + NativePlatform.PACKAGED + "; " + advice,
                "当前运行的是 32 位 Java（" + platform + "），而本包的原生库用于 " + NativePlatform.PACKAGED_ZH
                        + " 上的 64 位 Java；" + adviceZh,
                advice, adviceZh);
    }

    private static NativeLibraryException of(String message, String messageZh, String advice, String adviceZh) {
        return new NativeLibraryException(
                own(ErrorKind.NATIVE_LIBRARY, "native_library", message, messageZh, advice, adviceZh));
    }
}
