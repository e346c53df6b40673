package com.wosigndoc;

import java.util.ArrayList;
import java.util.List;

/** Collects where the native library was looked for, and why it was not taken from there, in both languages. */
final class TriedPlaces {
    private final List<String> places = new ArrayList<>();
    private final List<String> placesZh = new ArrayList<>();
    private boolean unpacked = true;

    /** Is one place, as messages name it. */
    final class Place {
        private final String name;
        private final String nameZh;

        private Place(String name, String nameZh) {
            this.name = name;
            this.nameZh = nameZh;
        }

        void failed(String why, String whyZh) {
            places.add(name + ": " + why);
            placesZh.add(nameZh + "：" + whyZh);
        }

        void notUnpacked(String why) {
            failed(why, "无法解压");
            unpacked = false;
        }
    }

    /** Goes to a file or a name that somebody gave. */
    Place named(String name) {
        return new Place(name, name);
    }

    Place packaged(String resource) {
        return new Place("the packaged " + resource, "包内的 " + resource);
    }

    Place system() {
        return new Place("the system's wosigndoc", "系统中的 wosigndoc");
    }

    /** Says whether each packaged library that was tried could be unpacked. */
    boolean unpacked() {
        return unpacked;
    }

    String inEnglish() {
        return String.join("; ", places);
    }

    String inChinese() {
        return String.join("；", placesZh);
    }
}
