/**
 * What the command line asks of this machine, behind the port {@link io.pingagent.app.Operations}.
 *
 * <p>Entered by {@code cli}, {@code cli.doctor}, {@code cli.ping}, {@code cli.shell}, {@code cli.trace},
 * {@code cli.view}, {@code cli.zabbix}.
 */
@NullMarked
package io.pingagent.app;

import org.jspecify.annotations.NullMarked;
