package io.pingagent.cli.view;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.redis.admin.AdminAgent;

/** Whether an agent's figures can be believed: one that neither sends nor hears is no healthy one, though it is online. */
public enum AgentHealth {
    ONLINE("online", Ansi.Style.GOOD),
    /** Its network is unreachable, and with it all addresses. */
    CUT_OFF("cut off", Ansi.Style.BAD),
    /** Nothing leaves its machine. */
    CANNOT_SEND("cannot send", Ansi.Style.BAD),
    /** Nothing has come back for a minute. */
    NO_REPLIES("no replies", Ansi.Style.BAD),
    /** Its report has lapsed, so nobody knows how it is: Redis refuses it, or is slower than the agent writes. */
    NO_REPORT("no report", Ansi.Style.BAD),
    OFFLINE("offline", Ansi.Style.BAD);

    private final String word;
    private final Ansi.Style style;

    AgentHealth(String word, Ansi.Style style) {
        this.word = word;
        this.style = style;
    }

    public static AgentHealth of(AdminAgent agent, StatsView stats) {
        if (!agent.online()) {
            return OFFLINE;
        }
        if (stats.isEmpty()) {
            return NO_REPORT;
        }
        if (stats.isIsolated()) {
            return CUT_OFF;
        }
        return stats.cannotSend() ? CANNOT_SEND : stats.isSilent() ? NO_REPLIES : ONLINE;
    }

    public String word() {
        return word;
    }

    public Ansi.Style style() {
        return style;
    }
}
