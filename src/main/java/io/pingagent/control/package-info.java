/**
 * The control socket of a running agent: other programs of this host ask it for values and for single probes. Used by the
 * plugin of Zabbix agent 2, so what a client needs is small and uses nothing but gson.
 */
@NullMarked
package io.pingagent.control;

import org.jspecify.annotations.NullMarked;
