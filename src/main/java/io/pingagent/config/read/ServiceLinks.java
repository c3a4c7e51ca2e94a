package io.pingagent.config.read;

import io.pingagent.config.type.Key;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Variables that container platforms put into every container for a service or container named {@code ping-agent} or
 * {@code ping-agent-…}. They look like keys of the configuration and are none.
 *
 * <pre>
 * Kubernetes (service links):  {NAME}_SERVICE_HOST, {NAME}_SERVICE_PORT, {NAME}_SERVICE_PORT_{PORT NAME}
 * both (--link of Docker):     {NAME}_PORT=tcp://…, {NAME}_PORT_{n}_TCP=tcp://…, {NAME}_PORT_{n}_TCP_{PROTO, PORT, ADDR}
 * Docker alone:                {NAME}_NAME=/other/name, {NAME}_ENV_{VARIABLE}, {NAME}_PORT_{n}_TCP_{START, END}
 * </pre>
 */
final class ServiceLinks {

    private record Form(Pattern name, Pattern value) {

        /** @param name what follows {@code PING_AGENT_}, or that with the rest of a longer name before it */
        static Form of(String name, String value) {
            return new Form(
                    Pattern.compile(Key.ENVIRONMENT_PREFIX + "(?:[A-Z0-9_]+_)?" + name), Pattern.compile(value));
        }

        boolean matches(String variable, String text) {
            return name.matcher(variable).matches() && value.matcher(text).matches();
        }
    }

    private static final String URL = "(?:tcp|udp|sctp)://\\S+";
    private static final String NUMBERED_PORT = "PORT_\\d{1,5}_(?:TCP|UDP|SCTP)";

    private static final List<Form> FORMS = List.of(
            Form.of("SERVICE_HOST", "\\S+"),
            Form.of("SERVICE_PORT(?:_[A-Z0-9_]+)?", "\\d{1,5}"),
            Form.of("PORT", URL),
            Form.of(NUMBERED_PORT + "(?:_START|_END)?", URL),
            Form.of(NUMBERED_PORT + "_PROTO", "tcp|udp|sctp"),
            Form.of(NUMBERED_PORT + "_PORT(?:_START|_END)?", "\\d{1,5}"),
            Form.of(NUMBERED_PORT + "_ADDR", "\\S+"),
            Form.of("NAME", "/[^/\\s]+/[^/\\s]+"),
            Form.of("ENV_\\w+", "(?s).*"));

    private ServiceLinks() {}

    /** @param variable begins with {@code PING_AGENT_} and is no key's */
    static boolean isLink(String variable, String value) {
        return FORMS.stream().anyMatch(form -> form.matches(variable, value));
    }
}
