/**
 * Terminal, tables, colours, numbers: how every command reads and writes.
 *
 * <p>Entered by {@code cli}, {@code cli.doctor}, {@code cli.picture}, {@code cli.ping}, {@code cli.trace}, {@code cli.view}, {@code cli.zabbix}.
 */
@NullMarked
package io.pingagent.cli.shell;

import org.jspecify.annotations.NullMarked;
