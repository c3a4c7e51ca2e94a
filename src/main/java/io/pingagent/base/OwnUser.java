package io.pingagent.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who runs this process. Stateless. */
public final class OwnUser {

    private OwnUser() {}

    /** The user's name, or its number where it has none. */
    public static String name() {
        String name = System.getProperty("user.name", "?");
        return name.equals("?") ? Integer.toString(uid()) : name;
    }

    /** The user's number; -1 if it is unknown. */
    public static int uid() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid ? uid : -1;
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }
}
