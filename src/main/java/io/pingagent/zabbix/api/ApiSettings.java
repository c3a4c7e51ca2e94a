package io.pingagent.zabbix.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the API is. Immutable.
 *
 * @param url of {@code api_jsonrpc.php}, http or https
 * @param tokenFile its one line is an API token
 * @param caFile PEM file of the authorities trusted for https; null: those of the Java runtime
 * @param callTimeout what one call may take, from the connection to the end of the answer, at least 1 s
 */
public record ApiSettings(URI url, Path tokenFile, @Nullable Path caFile, Duration callTimeout) {

    /** Long enough for a page of hosts from a slow frontend. */
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(60);

    /** With the usual time limit. */
    public ApiSettings(URI url, Path tokenFile, @Nullable Path caFile) {
        this(url, tokenFile, caFile, DEFAULT_CALL_TIMEOUT);
    }

    /** The same with another time limit. */
    public ApiSettings within(Duration timeout) {
        return new ApiSettings(url, tokenFile, caFile, timeout);
    }
}
