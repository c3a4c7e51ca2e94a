package io.pingagent.keyfile;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes TLS contexts of certificates and keys. Stateless, any thread. */
public final class TlsContexts {

    private static final char[] NO_PASSWORD = {};

    private TlsContexts() {}

    /**
     * @param authorities that are trusted; none: those of the Java runtime
     * @param chain our own certificate and those between it and its authority; empty without a key
     * @param key of our own certificate, or null
     * @throws GeneralSecurityException if key and certificate do not go together
     */
    public static SSLContext of(
            List<X509Certificate> authorities, List<X509Certificate> chain, @Nullable PrivateKey key)
            throws GeneralSecurityException {
        TrustManager[] trusting = authorities.isEmpty() ? null : trusting(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(key == null ? null : presenting(chain, key), trusting, null);
        return context;
    }

    private static TrustManager[] trusting(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore trusted = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("ca" + i, authorities.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private static KeyManager[] presenting(List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException {
        requirePair(key, chain.get(0).getPublicKey());
        KeyStore own = emptyStore();
        own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    /** Java would send no certificate at all, and the server's refusal names nothing. */
    private static void requirePair(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = key.getAlgorithm();
        String scheme =
                algorithm.equals("RSA") ? "SHA256withRSA" : algorithm.equals("EC") ? "SHA256withECDSA" : "Ed25519";
        byte[] text = {1, 2, 3, 4};
        Signature signature = Signature.getInstance(scheme);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store could not be made", e);
        }
    }
}
