package io.pingagent.zabbix.api;

/**
 * How an agent's connections are encrypted, as Zabbix has to know it.
 *
 * @param acceptBit {@code tls_accept} of the API: 1 unencrypted, 2 PSK, 4 certificate
 * @param pskIdentity empty without PSK
 * @param psk hexadecimal digits, empty without PSK; a secret
 */
public record Encryption(int acceptBit, String pskIdentity, String psk) {

    private static final int PSK = 2;

    /** Nothing, or a certificate, of which the API needs to know no more. */
    public static Encryption unencrypted() {
        return new Encryption(1, "", "");
    }

    public static Encryption psk(String identity, String key) {
        return new Encryption(PSK, identity, key);
    }

    public static Encryption certificate() {
        return new Encryption(4, "", "");
    }

    boolean isPsk() {
        return acceptBit == PSK;
    }

    String word() {
        return isPsk() ? "PSK" : acceptBit == 1 ? "no encryption" : "a certificate";
    }

    /** Without the key. */
    @Override
    public String toString() {
        return word();
    }
}
