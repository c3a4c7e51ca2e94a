package io.pingagent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;

/** The rules for {@code ACL SETUSER} of the documentation, as lists of words. Stateless. */
public final class DocumentedAcl {

    private static final Path PAGE = Path.of("src/site/markdown/security.md");

    /** The user of the documentation. */
    public static final String USER = "ping-agent-gza";

    public static final String PASSWORD = "change-me";

    /** Words of the rule that give nobody a right. */
    public static final List<String> NOT_RIGHTS = List.of("reset", "on", '>' + PASSWORD, "resetchannels");

    private DocumentedAcl() {}

    /** Asks the server, because only newer ones report what a user could do. */
    public static void require(Jedis redis) {
        int major = Integer.parseInt(redis.info("server").replaceFirst("(?s).*redis_version:(\\d+).*", "$1"));
        Requires.require("Redis 7 or newer", () -> major >= 7, "install a newer redis-server");
    }

    public static List<String> ofTheAgent() throws IOException {
        return block(0);
    }

    /** What commands typed as the same user need beside that. */
    public static List<String> forCommandsToo() throws IOException {
        return block(1);
    }

    /** What an agent with {@code path.on-down} needs beside its own. */
    public static List<String> forPaths() throws IOException {
        return block(3);
    }

    private static List<String> block(int number) throws IOException {
        Matcher blocks = Pattern.compile("redis-cli ACL SETUSER " + USER + " (.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        for (int i = 0; i <= number; i++) {
            if (!blocks.find()) {
                throw new IllegalStateException(PAGE + " has no rule number " + number);
            }
        }
        return List.of(
                blocks.group(1).replace("\\\n", " ").replace("'", "").strip().split("\\s+", -1));
    }
}
