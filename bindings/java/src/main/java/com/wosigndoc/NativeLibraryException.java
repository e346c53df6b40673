package com.wosigndoc;

import com.google.gson.JsonObject;

/**
 * Reports that the native library was not found, is not this one, or has another ABI. The message names every
 * place tried.
 */
public final class NativeLibraryException extends WoSignDocException {
    NativeLibraryException(JsonObject document) {
        super(document);
    }

    static NativeLibraryException notFound(String tried) {
        String variable = NativeLibraryLoader.VARIABLE;
        String property = NativeLibraryLoader.PROPERTY;
        String advice = "set " + variable + " or the system property " + property + " to the file's path";
        String adviceZh = "请将 " + variable + " 或系统属性 " + property + " 设为文件路径";
        // The advice is in the message too: often a stack trace is all that is seen of this one.
        return of("no usable native library was found; " + advice + ". Tried " + tried,
                "没有找到可用的原生库；" + adviceZh + "。已尝试 " + tried, advice, adviceZh);
    }

    static NativeLibraryException incomplete(String file, String missing) {
        return of(file + " lacks functions that this package needs: " + missing,
                file + " 缺少本包所需的函数：" + missing,
                "install the library and the package of the same version", "请安装版本一致的原生库和软件包");
    }

    static NativeLibraryException loadedAlready(String file) {
        return of("the native library is loaded already, from " + file,
                "原生库已加载，来自 " + file,
                "name the library before anything else of the package is used", "请在使用本包的其他功能之前指定原生库");
    }

    /** Tells that JNA cannot be used, whichever library is named: its own native part comes first. */
    static NativeLibraryException withoutJna(String why) {
        String advice = "let JNA unpack it where programs may be run (not a folder mounted noexec): java "
                + "-Djna.tmpdir=FOLDER; or name a folder that has it by -Djna.boot.library.path=FOLDER; or use the "
                + "system's by -Djna.nosys=false";
        String adviceZh = "请让 JNA 将其解压到允许执行的目录（未以 noexec 挂载）：java -Djna.tmpdir=目录；"
                + "或用 -Djna.boot.library.path=目录 指定已有该部分的目录；或用 -Djna.nosys=false 使用系统自带的";
        return of("JNA could not load its own native part: " + why + "; " + advice,
                "JNA 无法加载其自身的原生部分；" + adviceZh, advice, adviceZh);
    }

    static NativeLibraryException not64Bit() {
        return of("a 64-bit Java virtual machine is needed", "需要 64 位 Java 虚拟机",
                "install a 64-bit Java and run the program with it", "请安装并使用 64 位 Java");
    }

    private static NativeLibraryException of(String message, String messageZh, String advice, String adviceZh) {
        return new NativeLibraryException(
                own(ErrorKind.NATIVE_LIBRARY, "native_library", message, messageZh, advice, adviceZh));
    }
}
