package io.pingagent.zabbix.api;

import io.pingagent.base.OwnedBy;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.PemFiles;
import io.pingagent.keyfile.TlsContexts;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One POST after another, each with a connection of its own. An answer that takes too long or is too large ends with an
 * exception; redirects are followed by nobody here.
 */
@OwnedBy("caller")
final class ApiHttp {

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** A page of 1,000 hosts takes 1 MiB; the longest list is that of the ids of all hosts. */
    private static final long MAX_ANSWER_BYTES = 64L << 20;

    private final @Nullable SSLSocketFactory tls;

    /** @throws ApiException if the file of the authorities cannot be used */
    ApiHttp(ApiSettings settings) throws ApiException {
        Path caFile = settings.caFile();
        if (caFile == null) {
            tls = null;
            return;
        }
        try {
            tls = TlsContexts.of(PemFiles.certificates(caFile), List.of(), null).getSocketFactory();
        } catch (KeyFileException e) {
            throw new ApiException(Kind.REFUSED, "zabbix.api-ca-file: " + e.what(), e.remedy(), e);
        } catch (GeneralSecurityException e) {
            throw new ApiException(
                    Kind.REFUSED,
                    "zabbix.api-ca-file '" + caFile + "' cannot be used: " + e.getMessage(),
                    "put a PEM certificate there",
                    e);
        }
    }

    /** What is done with an answer of HTTP status 200. */
    interface Reader<T> {
        T read(InputStream body) throws IOException, ApiException;
    }

    /** Where the server wants to be asked instead. */
    static final class RedirectException extends IOException {

        private static final long serialVersionUID = 1L;

        private final String location;

        RedirectException(String location) {
            super("redirected");
            this.location = location;
        }

        String location() {
            return location;
        }
    }

    /**
     * @param bearer the token for the header, or null
     * @throws RedirectException if the server names another place
     */
    <T> T post(URI url, String body, @Nullable String bearer, Duration timeout, Reader<T> reader)
            throws ApiException, RedirectException {
        HttpURLConnection connection;
        try {
            connection = connection(url, timeout);
        } catch (IOException e) {
            throw unreachable(url, timeout, e);
        }
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicBoolean isLate = new AtomicBoolean();
        CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (!isOver.get()) {
                        isLate.set(true);
                        connection.disconnect();
                    }
                });
        try {
            return exchange(connection, url, body, bearer, reader);
        } catch (RedirectException e) {
            throw e;
        } catch (IOException e) {
            throw isLate.get() ? late(url, timeout, e) : unreachable(url, timeout, e);
        } finally {
            isOver.set(true);
            // Java would keep it, and not notice in time that the server closes it.
            connection.disconnect();
        }
    }

    private static <T> T exchange(
            HttpURLConnection connection, URI url, String body, @Nullable String bearer, Reader<T> reader)
            throws IOException, ApiException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        // Java would send a request twice when the first gets no answer, unless it streams.
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.setRequestProperty("Content-Type", "application/json-rpc");
        connection.setRequestProperty("Connection", "close");
        if (bearer != null) {
            connection.setRequestProperty("Authorization", "Bearer " + bearer);
        }
        try (OutputStream out = connection.getOutputStream()) {
            out.write(bytes);
        }
        int status = status(connection);
        if (status >= 300 && status < 400 && connection.getHeaderField("Location") != null) {
            throw new RedirectException(connection.getHeaderField("Location"));
        }
        if (status != HttpURLConnection.HTTP_OK) {
            throw HttpAnswers.failure(url, status, errorText(connection));
        }
        try (InputStream in = new Limited(connection.getInputStream())) {
            return reader.read(in);
        }
    }

    private HttpURLConnection connection(URI url, Duration timeout) throws IOException {
        HttpURLConnection connection;
        try {
            connection = (HttpURLConnection) url.toURL().openConnection();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IOException("it is no URL", e);
        }
        int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
        connection.setConnectTimeout(Math.min(millis, CONNECT_TIMEOUT_MILLIS));
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        if (tls != null && connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(tls);
        }
        return connection;
    }

    private static int status(HttpURLConnection connection) throws IOException {
        try {
            return connection.getResponseCode();
        } catch (HttpRetryException e) {
            // Java cannot repeat a request that it streams; nobody wants that.
            return e.responseCode();
        }
    }

    private static String errorText(HttpURLConnection connection) {
        try (InputStream in = connection.getErrorStream()) {
            return in == null ? "" : new String(in.readNBytes(HttpAnswers.MAX_ERROR_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static ApiException late(URI url, Duration timeout, IOException e) {
        return new ApiException(
                Kind.AWAY,
                "the Zabbix API at " + url + " gave no whole answer within " + timeout.toMillis() / 1000.0 + " s",
                "see that the Zabbix frontend and its database are not overloaded",
                e);
    }

    private static ApiException unreachable(URI url, Duration timeout, IOException e) {
        if (e instanceof SocketTimeoutException
                && !String.valueOf(e.getMessage()).contains("connect")) {
            return late(url, timeout, e);
        }
        String place = "the Zabbix API at " + url + " cannot be reached: ";
        String message = String.valueOf(e.getMessage());
        if (e instanceof UnknownHostException) {
            return new ApiException(
                    Kind.AWAY,
                    place + "the name '" + url.getHost() + "' is unknown",
                    "correct zabbix.api-url, or look at the name servers of this machine",
                    e);
        }
        if (e instanceof SSLException) {
            return new ApiException(
                    Kind.AWAY,
                    place + "TLS failed: " + message,
                    message.contains("path") || message.contains("PKIX") || message.contains("certificate")
                            ? "put the certificate of the authority that signed the web server's into a file and name it"
                                    + " in zabbix.api-ca-file"
                            : "see that the web server speaks TLS on this port; write http:// if it does not",
                    e);
        }
        boolean isRefused = e instanceof ConnectException && message.contains("refused");
        return new ApiException(
                Kind.AWAY,
                place + (isRefused ? "connection refused" : message),
                "see that the web server of the Zabbix frontend is running; correct zabbix.api-url if not",
                e);
    }

    /** Ends at a number of bytes that no list of Zabbix has. */
    private static final class Limited extends FilterInputStream {

        private long leftBytes = MAX_ANSWER_BYTES;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int bytes) throws IOException {
            leftBytes -= bytes;
            if (leftBytes < 0) {
                throw new IOException("its answer is longer than " + (MAX_ANSWER_BYTES >> 20) + " MiB");
            }
        }
    }
}
