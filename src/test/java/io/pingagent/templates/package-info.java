/** Tests of what Zabbix imports: templates and UserParameters. */
@NullMarked
package io.pingagent.templates;

import org.jspecify.annotations.NullMarked;
