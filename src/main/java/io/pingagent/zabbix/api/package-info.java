/** Zabbix's API (JSON-RPC over HTTP): hosts that exist are read, and on request templates and hosts are made. */
@org.jspecify.annotations.NullMarked
package io.pingagent.zabbix.api;
