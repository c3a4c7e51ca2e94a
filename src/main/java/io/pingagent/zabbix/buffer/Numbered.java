package io.pingagent.zabbix.buffer;

import io.pingagent.model.ZabbixValue;

/** A value and its number in a buffer. */
record Numbered(long sequence, ZabbixValue value) {

    /** About how many bytes of heap it takes. */
    static int heapBytes(ZabbixValue value) {
        return 200 + value.key().length() + value.value().length();
    }
}
