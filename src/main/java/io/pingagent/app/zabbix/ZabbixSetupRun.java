package io.pingagent.app.zabbix;

import io.pingagent.agent.ZabbixWiring;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.ZabbixConfig;
import io.pingagent.imports.ApiAccess;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.api.AgentHost;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.AutoregistrationAction;
import io.pingagent.zabbix.api.Encryption;
import io.pingagent.zabbix.api.TemplateImport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One {@code zabbix setup}: templates first, then the host or the action that links them. Used by one thread. */
final class ZabbixSetupRun {

    private static final String AGENT_TEMPLATE = "Ping agent by Zabbix trapper";
    private static final String HOSTS_TEMPLATE = "Ping addresses as hosts by Zabbix trapper";

    private final Config config;
    private final ZabbixSetupRequest request;

    ZabbixSetupRun(Config config, ZabbixSetupRequest request) {
        this.config = config;
        this.request = request;
    }

    /**
     * @throws ApiException if Zabbix does not answer or refuses; what was done by then stays, and is not done again
     * @throws ConfigException if the PSK cannot be read or would go over a network without encryption, or if
     *     autoregistration is asked for with certificates; nothing is done then
     */
    ZabbixSetupResult run(ApiSession session) throws ApiException {
        Encryption encryption = encryption();
        check(session);
        List<String> lines = new ArrayList<>(new TemplateImport(session).run(request.isDryRun()));
        List<String> warnings = new ArrayList<>();
        ApiAccess.warnOfClearText(session, warnings);
        List<String> templates = new ArrayList<>(List.of(AGENT_TEMPLATE));
        if (config.zabbix().hostPerAddress()) {
            templates.add(HOSTS_TEMPLATE);
        }
        if (request.byAutoregistration()) {
            new AutoregistrationAction(session)
                    .ensure(
                            templates,
                            ZabbixWiring.hostMetadata(config.zabbix()),
                            encryption,
                            request.isDryRun(),
                            lines,
                            warnings);
        } else {
            new AgentHost(session).ensure(request.host(), templates, encryption, request.isDryRun(), lines, warnings);
        }
        if (!config.zabbix().enabled()) {
            warnings.add(
                    "zabbix.servers names no server yet, so the agent sends nothing; write the address of the Zabbix"
                            + " server or proxy there");
        }
        return new ZabbixSetupResult(lines, warnings, session.version().text());
    }

    private void check(ApiSession session) {
        ZabbixConfig.Tls.Connect connect = config.zabbix().tls().connect();
        if (request.byAutoregistration() && connect == ZabbixConfig.Tls.Connect.CERT) {
            throw refused(
                    "zabbix.tls-connect",
                    "Zabbix takes no certificates for autoregistration, only PSK and no encryption",
                    "run 'ping-agent zabbix setup' without --autoregistration for each agent, or set zabbix.tls-connect"
                            + " to psk");
        }
        if (connect == ZabbixConfig.Tls.Connect.PSK && session.isInClear()) {
            throw refused(
                    "zabbix.api-url",
                    "the PSK of zabbix.tls-psk-file would go to " + session.url() + " without encryption",
                    "use https://, or run it on the machine of the frontend with --api-url http://localhost/zabbix");
        }
    }

    private static ConfigException refused(String where, String what, String remedy) {
        return new ConfigException(List.of(new Problem(where, what, remedy)));
    }

    private Encryption encryption() {
        ZabbixConfig.Tls tls = config.zabbix().tls();
        return switch (tls.connect()) {
            case UNENCRYPTED -> Encryption.unencrypted();
            case CERT -> Encryption.certificate();
            case PSK -> {
                try {
                    yield Encryption.psk(
                            Objects.requireNonNull(tls.pskIdentity()),
                            KeyFiles.password(Objects.requireNonNull(tls.pskFile())));
                } catch (KeyFileException e) {
                    throw refused("zabbix.tls-psk-file", e.what(), e.remedy());
                }
            }
        };
    }
}
