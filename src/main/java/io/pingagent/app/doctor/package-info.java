/**
 * Checks of {@code doctor} that need sockets of their own.
 *
 * <p>Entered by {@code app}, {@code app.zabbix}, {@code cli.doctor}.
 */
@NullMarked
package io.pingagent.app.doctor;

import org.jspecify.annotations.NullMarked;
