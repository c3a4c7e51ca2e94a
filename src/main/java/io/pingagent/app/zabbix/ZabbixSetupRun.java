package io.pingagent.app.zabbix;

import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.imports.ApiAccess;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.Problem;
import io.pingagent.model.TlsSettings;
import io.pingagent.zabbix.api.AgentHost;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.AutoregistrationAction;
import io.pingagent.zabbix.api.Encryption;
import io.pingagent.zabbix.api.TemplateImport;
import java.util.ArrayList;
import java.util.List;

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
     *     autoregistration is asked for with certificates. Nothing is done then.
     */
    ZabbixSetupResult run(ApiSession session) throws ApiException {
        Encryption encryption = encryption();
        check(session);
        List<String> lines = new ArrayList<>(new TemplateImport(session).run(request.isDryRun()));
        List<String> warnings = new ArrayList<>();
        ApiAccess.warnOfClearText(session, warnings);
        List<String> templates = new ArrayList<>(List.of(AGENT_TEMPLATE));
        if (config.zabbix().bridge().values().hostPerAddress()) {
            templates.add(HOSTS_TEMPLATE);
        }
        if (request.byAutoregistration()) {
            new AutoregistrationAction(session)
                    .ensure(
                            templates,
                            config.zabbix().bridge().host().metadata(),
                            encryption,
                            request.isDryRun(),
                            lines,
                            warnings);
        } else {
            new AgentHost(session).ensure(request.host(), templates, encryption, request.isDryRun(), lines, warnings);
        }
        if (!config.zabbix().isOn()) {
            warnings.add(
                    "zabbix.servers names no server yet, so the agent sends nothing; write the address of the Zabbix"
                            + " server or proxy there");
        }
        return new ZabbixSetupResult(lines, warnings, session.version().text());
    }

    private void check(ApiSession session) {
        TlsSettings tls = config.zabbix().bridge().access().tls();
        if (request.byAutoregistration() && tls instanceof TlsSettings.Cert) {
            throw refused(
                    "zabbix.tls-connect",
                    "Zabbix takes no certificates for autoregistration, only PSK and no encryption",
                    "run 'ping-agent zabbix setup' without --autoregistration for each agent, or set zabbix.tls-connect"
                            + " to psk");
        }
        if (tls instanceof TlsSettings.Psk && session.isInClear()) {
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
        TlsSettings tls = config.zabbix().bridge().access().tls();
        if (tls instanceof TlsSettings.Psk psk) {
            try {
                return Encryption.psk(psk.identity(), KeyFiles.password(psk.keyFile()));
            } catch (KeyFileException e) {
                throw refused("zabbix.tls-psk-file", e.what(), e.remedy());
            }
        }
        return tls instanceof TlsSettings.Cert ? Encryption.certificate() : Encryption.unencrypted();
    }
}
