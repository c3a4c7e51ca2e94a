package io.pingagent.app.zabbix;

/**
 * What {@code zabbix setup} is to do.
 *
 * @param host technical name of the agent's host
 * @param byAutoregistration whether an autoregistration action is made, and no host
 * @param isDryRun whether nothing is changed
 */
public record ZabbixSetupRequest(String host, boolean byAutoregistration, boolean isDryRun) {}
