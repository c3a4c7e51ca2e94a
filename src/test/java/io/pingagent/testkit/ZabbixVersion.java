package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A Zabbix that a test may have, and where its programs are. Any thread. */
public enum ZabbixVersion {

    /** Of this machine's packages: 6.0 on Debian 12. */
    V6_0("6.0") {
        @Override
        void requireInstalled() {
            Requires.require(
                    "the Zabbix stack",
                    () -> isComplete() && Requires.hasProgram("setpriv"),
                    "install the Debian packages " + ZabbixStack.PACKAGES);
        }

        @Override
        Path path(String file) {
            return Path.of(file);
        }

        @Override
        String[] command(String... command) {
            return command;
        }
    },

    /** Of {@link TrixieRoot}. */
    V7_0("7.0") {
        @Override
        void requireInstalled() {
            TrixieRoot.require();
            Requires.require(
                    "a complete Zabbix 7.0", this::isComplete, "remove " + TrixieRoot.path() + " and make it again");
        }

        @Override
        Path path(String file) {
            return TrixieRoot.path(file);
        }

        @Override
        String[] command(String... command) {
            return TrixieRoot.command(command);
        }
    };

    /** Of the SQL files. */
    static final String SQL = "/usr/share/zabbix-server-pgsql";

    static final String WEB = "/usr/share/zabbix";

    private static final String POSTGRESQL = "/usr/lib/postgresql";

    private final String number;

    ZabbixVersion(String number) {
        this.number = number;
    }

    /** Aborts the test where it is missing; fails it with {@code CI=true}. */
    abstract void requireInstalled();

    /** A file of its packages, seen from here. */
    abstract Path path(String file);

    /** The words that run a command of its packages; files below the directory for temporary files have the same names. */
    abstract String[] command(String... command);

    /** A template of ours for this version. */
    public Path template(String fileName) {
        return Path.of("zabbix-templates", number, fileName);
    }

    /** The name of PostgreSQL's directory of programs, of the newest version installed. */
    Optional<String> databasePrograms() {
        Path versions = path(POSTGRESQL);
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> directories = Files.list(versions)) {
            return directories
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .filter(name -> Stream.of("initdb", "postgres", "psql")
                            .allMatch(program ->
                                    Files.isExecutable(versions.resolve(name).resolve("bin/" + program))))
                    .max(Comparator.comparingInt(Integer::parseInt))
                    .map(name -> POSTGRESQL + "/" + name + "/bin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isComplete() {
        try {
            return databasePrograms().isPresent()
                    && Files.isReadable(path(SQL).resolve("schema.sql.gz"))
                    && Files.isReadable(path(WEB).resolve("api_jsonrpc.php"))
                    && Command.run(command(
                                            "sh",
                                            "-c",
                                            "PATH=$PATH:/usr/sbin:/sbin; command -v zabbix_server && command -v zabbix_sender"
                                                    + " && php -r 'exit(function_exists(\"pg_connect\") ? 0 : 1);'"))
                                    .exitStatus()
                            == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "Zabbix " + number;
    }
}
