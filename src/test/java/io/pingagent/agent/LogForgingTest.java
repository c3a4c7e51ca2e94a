package io.pingagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.Collection;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The log as it is configured, against texts of strangers. */
@Isolated("changes how this JVM logs")
class LogForgingTest {

    private static final String FORGED =
            "x\n2026-01-01 00:00:00,000 INFO agent has stopped\r\u0085\u2028\u2029\u001b[2J\u009b2J\u202eend";

    private static Collection<Appender> appenders() throws Exception {
        URL file = LogForgingTest.class.getResource("/log4j2.xml");
        try (LoggerContext context = new LoggerContext("forging")) {
            Configuration configuration = ConfigurationFactory.getInstance()
                    .getConfiguration(
                            context,
                            "forging",
                            java.util.Objects.requireNonNull(file).toURI());
            configuration.initialize();
            return configuration.getAppenders().values();
        }
    }

    private static LogEvent event(String message, @Nullable Throwable thrown) {
        return Log4jLogEvent.newBuilder()
                .setLoggerName("io.pingagent.app")
                .setLevel(Level.WARN)
                .setMessage(new SimpleMessage(message))
                .setThrown(thrown)
                .build();
    }

    private static void assertOneHarmlessLine(String text, String appender) {
        assertTrue(text.endsWith("\n"), appender);
        String line = text.substring(0, text.length() - 1);
        assertTrue(
                line.codePoints().allMatch(io.pingagent.base.OneLine::isHarmless),
                () -> appender + ": "
                        + line.codePoints().mapToObj(Integer::toHexString).toList());
    }

    @Test
    void aStrangersTextIsOneHarmlessLineInEveryAppender() throws Exception {
        Collection<Appender> appenders = appenders();
        assertEquals(2, appenders.size());
        for (Appender appender : appenders) {
            String line =
                    appender.getLayout().toSerializable(event(FORGED, null)).toString();
            assertOneHarmlessLine(line, appender.getName());
            assertTrue(line.contains("x?2026-01-01 00:00:00,000 INFO agent has stopped?????[2J?2J?end"), line);
        }
    }

    @Test
    void anExceptionStaysOnTheLineOfItsEvent() throws Exception {
        IllegalStateException failure =
                new IllegalStateException(FORGED, new IllegalArgumentException("inner\nforged"));
        for (Appender appender : appenders()) {
            String line = appender.getLayout()
                    .toSerializable(event("it failed", failure))
                    .toString();
            assertOneHarmlessLine(line, appender.getName());
            assertTrue(line.contains("it failed | java.lang.IllegalStateException: x?2026"), line);
            assertTrue(line.contains("inner?forged"), line);
            assertTrue(line.contains(" | at io.pingagent.agent.LogForgingTest."), line);
        }
    }

    @Test
    void plainTextIsLeftAlone() throws Exception {
        for (Appender appender : appenders()) {
            String line = appender.getLayout()
                    .toSerializable(event("groß {}  %m ${sys:user.home} \ud83d\ude00", null))
                    .toString();
            assertTrue(line.endsWith("groß {}  %m ${sys:user.home} \ud83d\ude00\n"), line);
        }
    }
}
