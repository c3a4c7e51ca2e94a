package io.pingagent.e2e;

import static io.pingagent.testkit.ZabbixApi.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ping-agent run} with encrypted ways to a real Zabbix server, and with wrong ones. */
@Timeout(240)
@Tag("root")
class ZabbixTlsIT {

    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final String ISSUER = "CN=Lab CA,O=Lab";
    private static final String ADDRESS = "10.9.1.1";

    @TempDir
    private static Path files;

    private static ZabbixLab lab;

    @BeforeAll
    static void start() throws Exception {
        ZabbixLab.require();
        Requires.program("openssl", "openssl");
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem", "/O=Lab/CN=Lab CA");
        certificate("server");
        certificate("agent");
        lab = new ZabbixLab(
                "TLSCAFile=" + files.resolve("ca.pem"),
                "TLSCertFile=" + files.resolve("server.pem"),
                "TLSKeyFile=" + files.resolve("server.key"));
        lab.catalogue().group("core", ADDRESS).job("second", "* * * * * *", "core");
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static void certificate(String name) throws IOException {
        openssl("req -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".csr", "/O=Lab/CN=" + name);
        openssl(
                "x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -in " + name + ".csr -out " + name + ".pem",
                null);
    }

    private static void openssl(String words, String subject) throws IOException {
        String command = "cd \"$0\" && openssl " + words + (subject == null ? "" : " -subj \"$1\"");
        Command.check("sh", "-c", command, files.toString(), subject == null ? "" : subject);
    }

    /** A host that takes values with this key only. */
    private static String pskHost(String name) throws IOException {
        return host(name, "tls_accept", "2", "tls_psk_identity", name, "tls_psk", KEY);
    }

    /** A host that takes values with a certificate of this subject only. */
    private static String certificateHost(String name, String subject) throws IOException {
        return host(name, "tls_accept", "4", "tls_issuer", ISSUER, "tls_subject", subject);
    }

    private static String host(String name, String... settings) throws IOException {
        String id = lab.api().createHost(name, lab.api().templateId(ZabbixLab.TEMPLATE));
        var update = object(settings);
        update.addProperty("hostid", id);
        lab.api().call("host.update", update);
        return id;
    }

    private static AgentProcess agent(String name, String... zabbixLines) throws IOException {
        List<String> lines = new ArrayList<>(List.of(zabbixLines));
        lines.add("push-interval: 2s");
        return lab.agent(lab.configuration(name, lines));
    }

    private static AgentProcess pskAgent(String name, String key) throws IOException {
        Path file = SecretFiles.write(files.resolve(name + ".psk"), key + "\n");
        return agent(name, "tls-connect: psk", "tls-psk-identity: " + name, "tls-psk-file: " + file);
    }

    private static AgentProcess certificateAgent(String name, String serverSubject) throws IOException {
        return agent(
                name,
                "tls-connect: cert",
                "tls-ca-file: " + files.resolve("ca.pem"),
                "tls-cert-file: " + files.resolve("agent.pem"),
                "tls-key-file: " + files.resolve("agent.key"),
                "tls-server-cert-issuer: \"" + ISSUER + "\"",
                "tls-server-cert-subject: \"" + serverSubject + "\"");
    }

    private static boolean hasValues(String hostId) {
        return lab.lastValue(hostId, "ping.agent.heartbeat") != null
                && lab.lastValue(hostId, ItemHistory.key("ping.rtt", ADDRESS)) != null;
    }

    @Test
    void theRightKeyAndCertificateAreTakenAndOthersRefusedAndNamed() throws Exception {
        String rightKeyId = pskHost("key-right");
        String wrongKeyId = pskHost("key-wrong");
        String rightSubjectId = certificateHost("subject-right", "CN=agent,O=Lab");
        String wrongServerId = certificateHost("server-wrong", "CN=agent,O=Lab");
        String wrongSubjectId = certificateHost("subject-wrong", "CN=somebody,O=Lab");
        String plainId = pskHost("plain");
        lab.zabbix().reloadConfiguration();

        AgentProcess rightKey = pskAgent("key-right", KEY);
        AgentProcess rightSubject = certificateAgent("subject-right", "CN=server,O=Lab");
        ZabbixLab.until(() -> rightKey.log() + lab.zabbix().serverLog(), () -> hasValues(rightKeyId));
        ZabbixLab.until(() -> rightSubject.log() + lab.zabbix().serverLog(), () -> hasValues(rightSubjectId));
        assertTrue(!rightKey.log().contains(" WARN  no Zabbix"), rightKey.log());
        assertTrue(!rightSubject.log().contains(" WARN  no Zabbix"), rightSubject.log());

        AgentProcess wrongKey = pskAgent("key-wrong", KEY.replace("00", "01"));
        AgentProcess wrongServer = certificateAgent("server-wrong", "CN=another,O=Lab");
        AgentProcess wrongSubject = certificateAgent("subject-wrong", "CN=server,O=Lab");
        AgentProcess plain = agent("plain", "tls-connect: unencrypted");
        String away = "no Zabbix server takes values (127.0.0.1:" + lab.zabbix().serverPort() + ": ";
        awaitLog(wrongKey, away, "the handshake with the key of identity \"key-wrong\" failed");
        awaitLog(wrongServer, away, "subject \"CN=server,O=Lab\", configured is \"CN=another,O=Lab\"");
        awaitLog(wrongSubject, away, "takes no value of host 'subject-wrong'");
        awaitLog(plain, away, "takes no value of host 'plain'");
        for (String id : List.of(wrongKeyId, wrongServerId, wrongSubjectId, plainId)) {
            assertEquals(0, lab.history(id).size());
            assertEquals("", lab.zabbix().sql("select itemid from items where flags = 4 and hostid = " + id));
        }
    }

    private static void awaitLog(AgentProcess agent, String... words) {
        ZabbixLab.until(agent::log, () -> {
            String warnings = agent.log()
                    .lines()
                    .filter(line -> line.contains(" WARN "))
                    .reduce("", (all, line) -> all + line + "\n");
            boolean hasAll = true;
            for (String word : words) {
                hasAll &= warnings.contains(word);
            }
            if (hasAll) {
                System.out.print(warnings);
            }
            return hasAll;
        });
    }
}
