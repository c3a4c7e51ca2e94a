/**
 * The bridge to Zabbix: item keys, discovery documents, what is measured per push interval, the buffer on disk, and the
 * ways to a server (plain, PSK, certificate).
 *
 * <p>Only this package knows zabbix-sender and Bouncy Castle.
 */
@NullMarked
package io.pingagent.zabbix;

import org.jspecify.annotations.NullMarked;
