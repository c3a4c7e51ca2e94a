package io.pingagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** This user may not read the configuration. */
public final class ConfigDeniedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ConfigDeniedException(Path file, Throwable cause) {
        super(file + ": this user may not read it; " + remedy(file), cause);
    }

    private static String remedy(Path file) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            String group = attributes.group().getName();
            if (attributes.permissions().contains(PosixFilePermission.GROUP_READ) && !group.equals("root")) {
                return "run this as root or as a member of the group " + group;
            }
        } catch (IOException | UnsupportedOperationException e) {
            return "run this as root, or give read access to this user";
        }
        return "run this as root";
    }
}
