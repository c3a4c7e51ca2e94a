package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.ServerDiagnosis.Kind;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SenderTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each cause has its own sentence and its own remedy. The answers are those of Zabbix 6.0.14 and 7.0.22. */
@Timeout(60)
class ZabbixDiagnosisIT {

    private static final String SERVER = "S";

    private final FakeTrapper server = new FakeTrapper();
    private final FakeTrapper other = new FakeTrapper();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void close() {
        never.countDown();
        server.close();
        other.close();
    }

    private List<ServerDiagnosis> judge(ZabbixServer... servers) {
        return judge(new PlainTransport(SocketTransport.Limits.DEFAULT), Duration.ofSeconds(20), servers);
    }

    private static List<ServerDiagnosis> judge(SenderTransport transport, Duration limit, ZabbixServer... servers) {
        try (ZabbixDiagnosis diagnosis = new ZabbixDiagnosis(
                transport, "gza", "ping-agent 0.1.0", "0.1.0", () -> 1_700_000_000_000_000_000L, limit)) {
            return diagnosis.judge(List.of(servers));
        }
    }

    private void assertVerdict(Kind kind, String found, String remedy) {
        ServerDiagnosis verdict = judge(server.address()).get(0);
        String seen = verdict.found().replace(server.address().toString(), SERVER);
        assertEquals(kind, verdict.kind(), verdict.toString());
        assertTrue(seen.startsWith(found), seen);
        assertTrue(verdict.remedy().contains(remedy), verdict.remedy());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host [gza] not found|S does not know host 'gza'|if a proxy monitors it, name the proxy",
                "host [gza] not found|S does not know host 'gza'|ConfigFrequency=3600",
                "host [gza] not monitored|S does not monitor host 'gza'|enable the host",
                "host \"gza\" not monitored|S does not monitor host 'gza'|enable the host",
                "connection of type \"unencrypted\" is not allowed for host \"gza\"|S does not allow this encryption:"
                        + " connection of type \"unencrypted\"|zabbix.tls-connect",
                "false PSK identity for host \"gza\"|S wants another PSK identity|zabbix.tls-psk-identity",
                "certificate subject does not match for host \"gza\"|S wants another certificate|zabbix.tls-cert-file",
                "host \"gza\" is monitored by a proxy|S leaves host 'gza' to a proxy|name that proxy in zabbix.servers",
                "the sky fell|S refuses host 'gza': the sky fell|look at the host in Zabbix"
            })
    void whatTheServerSaysOfTheHost(String info, String found, String remedy) {
        server.checks = "{\"response\":\"failed\",\"info\":\"" + info.replace("\"", "\\\"") + "\"}";
        assertVerdict(Kind.WRONG, found, remedy);
    }

    @Test
    void aHostThatTakesTheVersionIsWell() {
        server.checks = "{\"response\":\"success\",\"config_revision\":154,\"data\":[]}";
        assertVerdict(Kind.WELL, "S takes values of host 'gza'", "");
        assertEquals(AgentItem.VERSION.key(), server.accepted.get(0).key());
    }

    @Test
    void aKnownHostThatTakesNoVersionLacksTheTemplate() {
        server.unknownHosts.add("gza");
        assertVerdict(
                Kind.WRONG,
                "S knows host 'gza' but does not take ping.agent.version: the template is missing, or this item is disabled",
                "link the template");
    }

    @Test
    void aRedirectIsFollowedAndBothAreNamed() {
        server.checks =
                "{\"response\":\"failed\",\"redirect\":{\"revision\":1,\"address\":\"" + other.address() + "\"}}";
        assertVerdict(
                Kind.WELL, "S leaves host 'gza' to " + other.address() + ", which takes values of host 'gza'", "");
        other.close();
        assertVerdict(
                Kind.AWAY,
                "S leaves host 'gza' to " + other.address() + ", which fails: connection refused",
                "way to it");
    }

    @Test
    void refusedConnectionsAndUnknownNamesAreNoFirewalls() {
        server.close();
        assertVerdict(Kind.AWAY, "S: connection refused", "is running and listens on this port");
        SenderTransport nameless = new SenderTransport() {
            @Override
            public byte[] exchange(ZabbixServer to, byte[] frame) throws UnknownHostException {
                throw new UnknownHostException(to.host());
            }

            @Override
            public void close() {}
        };
        ServerDiagnosis verdict =
                judge(nameless, Duration.ofSeconds(20), server.address()).get(0);
        assertTrue(verdict.found().endsWith(": the name is unknown"), verdict.found());
        assertTrue(verdict.remedy().contains("name servers"), verdict.remedy());
    }

    @Test
    void aPortThatIsNotZabbixsIsSaidToBeNone() {
        for (String banner : List.of("SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "")) {
            server.behaviour = (in, out) -> {
                in.readNBytes(20);
                out.write(banner.getBytes(StandardCharsets.UTF_8));
            };
            assertVerdict(Kind.WRONG, "S is no Zabbix server or proxy: ", "10051 by default");
        }
        server.behaviour = (in, out) -> out.write(FakeTrapper.frame("ZBX_NOTSUPPORTED", false));
        assertVerdict(Kind.WRONG, "S is no Zabbix server or proxy: ", "10050 is an agent's");
    }

    @Test
    void allAreJudgedAtTheSameTimeAndOneThatHangsDelaysNobody() {
        server.behaviour = (in, out) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        List<ServerDiagnosis> verdicts = judge(
                new PlainTransport(SocketTransport.Limits.DEFAULT),
                Duration.ofSeconds(3),
                server.address(),
                other.address());
        assertEquals(
                server.address() + ": no answer within 3 s", verdicts.get(0).found());
        assertEquals(Kind.AWAY, verdicts.get(0).kind());
        assertEquals(Kind.WELL, verdicts.get(1).kind());
        assertEquals(2, verdicts.size());
    }
}
