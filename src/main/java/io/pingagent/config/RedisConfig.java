package io.pingagent.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Redis and what to write there.
 *
 * @param url {@code redis://host:port/database} or {@code rediss://…}, always with port and database, never with user or
 *     password
 * @param user the ACL user, from the URL or {@code redis.user}; null for the default user
 * @param password from the URL, {@code redis.password} or {@code redis.password-file}; null for none
 * @param statusInterval between two writings of {@code agent-all-ip-status_$agent}, 1 s to 1 h
 * @param reloadInterval between two readings of jobs and groups, 1 s to 1 d
 * @param decimalLastMs whether last-ms is written as {@code 11.204} instead of {@code 11}
 * @param perIpStatus whether the earlier layout's {@code ip_$agent_$ip} is written too
 * @param tlsCaFile PEM file with the authorities trusted for {@code rediss://}; null for those of the JDK
 * @param tlsCertificateFile PEM file with our own certificate; null for none
 * @param tlsKeyFile PEM file with its private key; null if there is no certificate
 */
public record RedisConfig(
        URI url,
        @Nullable String user,
        @Nullable String password,
        Duration statusInterval,
        Duration reloadInterval,
        boolean decimalLastMs,
        boolean perIpStatus,
        @Nullable Path tlsCaFile,
        @Nullable Path tlsCertificateFile,
        @Nullable Path tlsKeyFile) {

    @Override
    public String toString() {
        return "RedisConfig[url=" + url + ", user=" + user + ", password=" + (password == null ? "none" : "hidden")
                + ", statusInterval=" + statusInterval + ", reloadInterval=" + reloadInterval + ", decimalLastMs="
                + decimalLastMs + ", perIpStatus=" + perIpStatus + ", tlsCaFile=" + tlsCaFile + ", tlsCertificateFile="
                + tlsCertificateFile + ", tlsKeyFile=" + tlsKeyFile + "]";
    }
}
