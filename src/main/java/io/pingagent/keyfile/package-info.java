/**
 * Files of passwords, keys and certificates, read with care for their permissions.
 *
 * <p>Entered by {@code agent}, {@code app.zabbix}, {@code config}, {@code redis}, {@code zabbix}, {@code zabbix.api},
 * {@code zabbix.transport}.
 */
@NullMarked
package io.pingagent.keyfile;

import org.jspecify.annotations.NullMarked;
