package io.pingagent.zabbix.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code apiinfo.version} says: the version of the frontend, such as {@code 7.0.22} or {@code 7.4.0rc1}.
 *
 * @param text as the API wrote it
 */
public record ApiVersion(int major, int minor, String text) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(?:[.A-Za-z0-9 -]{0,40})");

    /** @throws IllegalArgumentException if it is no version */
    static ApiVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no version of Zabbix");
        }
        return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text);
    }

    /** Whether this is that version or a later one. */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major != otherMajor ? major > otherMajor : minor >= otherMinor;
    }

    /** Whether the token goes into the header {@code Authorization}; before it was a property of the request. */
    boolean takesBearer() {
        return isAtLeast(6, 4);
    }

    /** Whether groups of hosts and groups of templates are different things. */
    boolean hasTemplateGroups() {
        return isAtLeast(6, 2);
    }

    /** Whether {@code history.push} exists. */
    public boolean takesHistory() {
        return isAtLeast(7, 0);
    }

    /** Whether proxy groups exist, and hosts say by whom they are monitored. */
    boolean hasProxyGroups() {
        return isAtLeast(7, 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
