package io.pingagent.redis;

import io.pingagent.base.AnyThread;
import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What an error reply of Redis means, whichever version sent it. Its first word says so; where that is only
 * {@code ERR}, the text does.
 */
@AnyThread
public enum RedisError {
    /** The user may not run the command, or not on this key. */
    NO_PERMISSION("NOPERM", Scope.COMMAND, "allow the command to this user with ACL SETUSER"),
    NOT_LOGGED_IN("NOAUTH", Scope.SERVER, Remedies.LOGIN),
    WRONG_LOGIN("WRONGPASS", Scope.COMMAND, Remedies.LOGIN),
    /** The key holds another type of value than the command is for. */
    WRONG_TYPE("WRONGTYPE", Scope.COMMAND, "remove the key with DEL, or check redis.url"),
    LOADING("LOADING", Scope.SERVER, "wait until it has loaded its data"),
    READ_ONLY("READONLY", Scope.SERVER, "let redis.url name the master"),
    OUT_OF_MEMORY("OOM", Scope.SERVER, "raise its maxmemory"),
    NOT_SAVED("MISCONF", Scope.SERVER, Remedies.LOG),
    TOO_FEW_REPLICAS("NOREPLICAS", Scope.SERVER, Remedies.LOG),
    MASTER_DOWN("MASTERDOWN", Scope.SERVER, Remedies.LOG),
    BUSY("BUSY", Scope.SERVER, Remedies.LOG),
    CLUSTER_DOWN("CLUSTERDOWN", Scope.SERVER, Remedies.LOG),
    MOVED("MOVED", Scope.SERVER, Remedies.LOG),
    ABORTED_TRANSACTION("EXECABORT", Scope.COMMAND, Remedies.LOG),
    /** A password was sent to a Redis 5 that asks for none. Not a denial: commands end with 69, as they always did. */
    NEEDS_NO_LOGIN(Remedies.LOGIN),
    TOO_MANY_CLIENTS("raise its maxclients, or close connections that nobody uses"),
    NO_SUCH_KEY(Remedies.LOG),
    OTHER(Remedies.LOG);

    private enum Scope {
        /** One command is refused, others may not be. */
        COMMAND,
        /** It is the server's state: every command, or every write, is refused. */
        SERVER
    }

    private static final class Remedies {
        static final String LOGIN = "check the user and password of redis.url or redis.password-file";
        static final String LOG = "check redis.url and the server's log";
    }

    private static final Map<String, RedisError> BY_WORD = byWord();

    private final String word;
    private final Scope scope;
    private final String remedy;

    RedisError(String word, Scope scope, String remedy) {
        this.word = word;
        this.scope = scope;
        this.remedy = remedy;
    }

    /** One that has no word of its own. */
    RedisError(String remedy) {
        this("", Scope.COMMAND, remedy);
    }

    private static Map<String, RedisError> byWord() {
        Map<String, RedisError> byWord = new HashMap<>();
        for (RedisError error : values()) {
            if (!error.word.isEmpty()) {
                byWord.put(error.word, error);
            }
        }
        return Map.copyOf(byWord);
    }

    /** @param line as Redis sent it, without the leading minus sign */
    public static RedisError of(String line) {
        int space = line.indexOf(' ');
        RedisError byWord = BY_WORD.get(space < 0 ? line : line.substring(0, space));
        return byWord == null ? byText(line) : byWord;
    }

    public static RedisError of(JedisDataException failure) {
        return of(RedisConnector.reason(failure));
    }

    private static RedisError byText(String line) {
        // Redis 5 has no word for a wrong password; later ones none for a password that nobody asked for.
        if (line.startsWith("ERR AUTH") || line.contains("invalid password")) {
            return WRONG_LOGIN;
        }
        if (line.contains("Client sent AUTH")) {
            return NEEDS_NO_LOGIN;
        }
        if (line.contains("max number of clients")) {
            return TOO_MANY_CLIENTS;
        }
        return line.contains("no such key") ? NO_SUCH_KEY : OTHER;
    }

    /** Whether the user or the password is what Redis objects to. */
    public boolean isDenied() {
        return this == NO_PERMISSION || this == NOT_LOGGED_IN || this == WRONG_LOGIN;
    }

    /** Whether it is the server's state and not one command's or one key's. */
    public boolean isOfWholeServer() {
        return scope == Scope.SERVER;
    }

    /** What to do, as the last part of a message. */
    public String remedy() {
        return remedy;
    }

    /** An error line of this kind. */
    public String line(String text) {
        return word + ' ' + text;
    }
}
