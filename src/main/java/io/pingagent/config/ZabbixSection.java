package io.pingagent.config;

import io.pingagent.base.Version;
import io.pingagent.config.Keys.TlsConnect;
import io.pingagent.config.read.Settings;
import io.pingagent.config.type.CronSpecType;
import io.pingagent.config.type.Key;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.BridgeSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the keys {@code zabbix.*} of the bridge together and builds the {@link BridgeSettings} of them. */
final class ZabbixSection {

    /** 128 less "ping ", a blank and the longest address with its zone. */
    private static final int LONGEST_HOST_PER_ADDRESS = 64;

    /** By then the isolation guard has at least its suspicion. */
    private static final Duration LEAST_DOWN = Duration.ofMillis(1_500);

    private final Settings settings;
    private final Checks checks;

    ZabbixSection(Settings settings, Checks checks) {
        this.settings = settings;
        this.checks = checks;
    }

    void check() {
        checkHost();
        checkHostPerAddress();
        checkItems();
    }

    private void checkItems() {
        List<AddressItem> items = settings.orNull(Keys.ITEMS);
        if (items != null
                && items.contains(AddressItem.PATH)
                && settings.valid(Keys.PATH_ON_DOWN)
                && !settings.get(Keys.PATH_ON_DOWN)) {
            checks.add(Keys.ITEMS, "path needs path.on-down: true", "set path.on-down: true, or remove path");
        }
    }

    /** After the check of the API, whose problems come first. */
    void checkTls() {
        if (!settings.valid(Keys.TLS_CONNECT)) {
            return;
        }
        TlsConnect connect = settings.get(Keys.TLS_CONNECT);
        require(connect, TlsConnect.PSK, Keys.TLS_PSK_IDENTITY, Keys.TLS_PSK_FILE);
        require(connect, TlsConnect.CERT, Keys.TLS_CA_FILE, Keys.TLS_CERT_FILE, Keys.TLS_KEY_FILE);
        refuseUnused(connect, TlsConnect.PSK, Keys.TLS_PSK_IDENTITY, Keys.TLS_PSK_FILE);
        refuseUnused(
                connect,
                TlsConnect.CERT,
                Keys.TLS_CA_FILE,
                Keys.TLS_CERT_FILE,
                Keys.TLS_KEY_FILE,
                Keys.TLS_SERVER_CERT_ISSUER,
                Keys.TLS_SERVER_CERT_SUBJECT);
        if (connect == TlsConnect.PSK) {
            checks.requireReadable(Keys.TLS_PSK_FILE);
            checks.requirePrivate(Keys.TLS_PSK_FILE);
        } else if (connect == TlsConnect.CERT) {
            List.of(Keys.TLS_CA_FILE, Keys.TLS_CERT_FILE, Keys.TLS_KEY_FILE).forEach(checks::requireReadable);
            checks.requirePrivate(Keys.TLS_KEY_FILE);
        }
    }

    /** Only after {@link #check} and {@link #checkTls} have found nothing. */
    BridgeSettings build() {
        return new BridgeSettings(settings.get(Keys.AGENT_NAME), host(), access(), values(), thresholds(), buffer());
    }

    private BridgeSettings.Host host() {
        String name = settings.orNull(Keys.HOST);
        String metadata = settings.orNull(Keys.HOST_METADATA);
        return new BridgeSettings.Host(
                name != null ? name : settings.get(Keys.AGENT_NAME),
                metadata != null ? metadata : "ping-agent " + Version.text());
    }

    private BridgeSettings.Access access() {
        return new BridgeSettings.Access(settings.get(Keys.SERVERS), tls());
    }

    private TlsSettings tls() {
        return switch (settings.get(Keys.TLS_CONNECT)) {
            case UNENCRYPTED -> new TlsSettings.Unencrypted();
            case PSK -> new TlsSettings.Psk(settings.get(Keys.TLS_PSK_IDENTITY), settings.get(Keys.TLS_PSK_FILE));
            case CERT ->
                new TlsSettings.Cert(
                        settings.get(Keys.TLS_CA_FILE),
                        settings.get(Keys.TLS_CERT_FILE),
                        settings.get(Keys.TLS_KEY_FILE),
                        settings.orNull(Keys.TLS_SERVER_CERT_ISSUER),
                        settings.orNull(Keys.TLS_SERVER_CERT_SUBJECT));
        };
    }

    private BridgeSettings.Values values() {
        return new BridgeSettings.Values(
                items(),
                settings.get(Keys.ERR_LIST_ONLY),
                settings.get(Keys.HOST_PER_ADDRESS),
                settings.get(Keys.PUSH_INTERVAL),
                settings.get(Keys.DISCOVERY_INTERVAL));
    }

    /** Paths are wanted by whoever has them traced. */
    private Set<AddressItem> items() {
        Set<AddressItem> items = new HashSet<>(settings.get(Keys.ITEMS));
        if (settings.get(Keys.PATH_ON_DOWN)) {
            items.add(AddressItem.PATH);
        }
        return Set.copyOf(items);
    }

    private BridgeSettings.Thresholds thresholds() {
        return new BridgeSettings.Thresholds(
                settings.get(Keys.DOWN_AFTER),
                settings.get(Keys.UP_AFTER),
                settings.get(Keys.ISOLATION_SHARE) > 0 ? LEAST_DOWN : Duration.ZERO,
                new BridgeSettings.ErrListPace(settings.get(Keys.ENTER_AFTER), errListInterval()));
    }

    private Duration errListInterval() {
        return CronSpecType.interval(settings.get(Keys.ERR_LIST_SPEC), settings.get(Keys.TIME_ZONE));
    }

    private BridgeSettings.Buffer buffer() {
        // Several agents of one machine may name the same directory.
        String name = URLEncoder.encode(settings.get(Keys.AGENT_NAME), StandardCharsets.UTF_8);
        Path directory =
                settings.get(Keys.BUFFER_DIRECTORY).resolve(name.startsWith(".") ? "%2E" + name.substring(1) : name);
        return new BridgeSettings.Buffer(
                directory, settings.get(Keys.BUFFER_MAX_SIZE), settings.get(Keys.BUFFER_MAX_AGE));
    }

    private void checkHost() {
        List<ZabbixServer> servers = settings.orNull(Keys.SERVERS);
        String name = settings.orNull(Keys.AGENT_NAME);
        boolean isOn = servers != null && !servers.isEmpty();
        if (isOn && name != null && settings.valid(Keys.HOST) && !settings.isSet(Keys.HOST)) {
            checks.add(
                    Keys.HOST,
                    "the agent's name '" + name + "' is not valid as a Zabbix host",
                    "set zabbix.host to " + Keys.HOST.type().range());
        }
    }

    /** The name of an address's host begins with that of the agent's, and Zabbix allows 128 characters. */
    private void checkHostPerAddress() {
        String host = settings.orNull(Keys.HOST);
        String name = host == null ? settings.orNull(Keys.AGENT_NAME) : host;
        if (settings.valid(Keys.HOST_PER_ADDRESS)
                && settings.get(Keys.HOST_PER_ADDRESS)
                && name != null
                && name.length() > LONGEST_HOST_PER_ADDRESS) {
            checks.add(
                    Keys.HOST,
                    "'" + name + "' is too long for zabbix.host-per-address",
                    "set zabbix.host to a name of at most " + LONGEST_HOST_PER_ADDRESS + " characters");
        }
    }

    private void require(TlsConnect connect, TlsConnect needing, Key<?>... keys) {
        for (Key<?> key : keys) {
            if (connect == needing && settings.valid(key) && !settings.isSet(key)) {
                checks.add(
                        Keys.TLS_CONNECT,
                        Keys.TLS_CONNECT.type().format(connect) + " needs " + key.path(),
                        "set " + key.path());
            }
        }
    }

    /**
     * As Zabbix's own programs do: a key that is set and not used is a connection less safe than its owner believes.
     */
    private void refuseUnused(TlsConnect connect, TlsConnect using, Key<?>... keys) {
        for (Key<?> key : keys) {
            if (connect != using && settings.isSet(key)) {
                checks.add(
                        key,
                        "it is not used with zabbix.tls-connect: "
                                + Keys.TLS_CONNECT.type().format(connect),
                        "remove it or set zabbix.tls-connect: "
                                + Keys.TLS_CONNECT.type().format(using));
            }
        }
    }
}
