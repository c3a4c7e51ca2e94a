package io.pingagent.control;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the control socket. A client connects, sends one line, and gets one answer; then the server closes the
 * connection:
 *
 * <pre>
 * {"key":"ping.status","parameters":["gza","192.0.2.1"],"timeoutMillis":2700}
 * OK 1
 * 1
 * </pre>
 *
 * <p>The first line of the answer is {@code OK} or {@code ERROR}, a blank, and the length in bytes of the UTF-8 text
 * that follows. After an error the text is one line that says what is wrong.
 */
public final class ControlProtocol {

    /** Longest line of a request. */
    public static final int MOST_REQUEST_BYTES = 8 * 1024;

    /** Longest text of an answer. Zabbix takes 16 MiB, but a plugin of 48 MB cannot hold that. */
    public static final int MOST_ANSWER_BYTES = 2 * 1024 * 1024;

    /** Longest first line of an answer. */
    static final int MOST_HEADER_BYTES = 32;

    private static final String OK = "OK ";
    private static final String ERROR = "ERROR ";

    /** The first line of an answer. */
    record Header(boolean isError, int bytes) {

        byte[] encoded() {
            return ((isError ? ERROR : OK) + bytes + '\n').getBytes(StandardCharsets.US_ASCII);
        }

        /** Null if the line, without its end, is none. */
        static @Nullable Header parse(String line) {
            String start = line.startsWith(OK) ? OK : ERROR;
            if (!line.startsWith(start)) {
                return null;
            }
            try {
                int bytes = Integer.parseInt(line.substring(start.length()));
                return bytes < 0 || bytes > MOST_ANSWER_BYTES ? null : new Header(start.equals(ERROR), bytes);
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    private ControlProtocol() {}
}
