package com.wosigndoc.testing;

import com.sun.jna.Platform;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** Finds the platform's program. */
final class ServerProgram {
    private static final String PROPERTY = "wosigndoc.server";
    private static final String VARIABLE = "WOSIGNDOC_SERVER";
    private static final String NAME = Platform.isWindows() ? "wosigndoc-server.exe" : "wosigndoc-server";

    private ServerProgram() {}

    /** Returns the program that is named, or else the first that is there. */
    static Path find(Path named) {
        if (named != null) {
            return existing(named, "SandboxOptions.server");
        }
        for (String[] place : new String[][] {
            {System.getProperty(PROPERTY), "-D" + PROPERTY}, {System.getenv(VARIABLE), VARIABLE}
        }) {
            if (place[0] != null && !place[0].isEmpty()) {
                return existing(Paths.get(place[0]), place[1]);
            }
        }
        List<Path> places = besidePackage(home());
        places.addAll(onPath(System.getenv("PATH")));
        for (Path each : places) {
            if (Files.isExecutable(each) && !Files.isDirectory(each)) {
                return each;
            }
        }
        throw none();
    }

    /** Returns where a program that comes with this package lies: for each system in a folder, or for this one alone. */
    static List<Path> besidePackage(Path home) {
        List<Path> places = new ArrayList<>();
        if (home != null) {
            places.add(home.resolve("server").resolve(Platform.RESOURCE_PREFIX).resolve(NAME));
            places.add(home.resolve(NAME));
        }
        return places;
    }

    static List<Path> onPath(String path) {
        List<Path> places = new ArrayList<>();
        for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
            try {
                // An empty one would be the working directory, where nobody expects programs.
                if (!folder.isEmpty()) {
                    places.add(Paths.get(folder, NAME));
                }
            } catch (InvalidPathException notAFolder) {
                // On Windows a folder may stand in quotes there, or not be one at all: the system skips it too.
            }
        }
        return places;
    }

    /** Returns the folder in which this package's jar lies; null when it comes from elsewhere than files. */
    private static Path home() {
        try {
            CodeSource source = ServerProgram.class.getProtectionDomain().getCodeSource();
            return source == null ? null : Paths.get(source.getLocation().toURI()).getParent();
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException notAFile) {
            return null;
        }
    }

    private static Path existing(Path program, String place) {
        if (Files.isExecutable(program) && !Files.isDirectory(program)) {
            return program.toAbsolutePath();
        }
        throw new SandboxException(
                place + " names " + program + ", which is no program that can be run: name the file " + NAME,
                place + " 指定的 " + program + " 不是可运行的程序：请指定文件 " + NAME);
    }

    private static SandboxException none() {
        return new SandboxException(
                "there is no " + NAME + " beside this package or on PATH: unpack the platform's archive for this system"
                        + " (wosigndoc-server-…, or build it by `cargo build -p wosigndoc-server`) and name the program in "
                        + VARIABLE,
                "本包旁边和 PATH 中都没有 " + NAME + "：请解压适用于本系统的平台归档（wosigndoc-server-…，或运行 `cargo build -p wosigndoc-server` 构建），"
                        + "并在 " + VARIABLE + " 中指定该程序");
    }
}
