package io.pingagent.zabbix;

import io.github.hengyunabc.zabbix.sender.DataObject;
import io.github.hengyunabc.zabbix.sender.SenderRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Values to the bytes of a {@code sender data} request. */
final class PacketEncoder {

    /** What {@link SenderRequest#toBytes} puts before its JSON: an own header, replaced by ours. */
    private static final int LIBRARY_HEADER_BYTES = 13;

    private PacketEncoder() {}

    /** zabbix-sender's value has no nanoseconds: without them the server would number the values of a packet. */
    public static final class StampedObject extends DataObject {

        private final int ns;

        StampedObject(ZabbixValue value) {
            super(value.clockSeconds(), value.host(), value.key(), value.value());
            this.ns = value.nanos();
        }

        /** Nanoseconds, by the name that the protocol has for them. */
        public int getNs() {
            return ns;
        }
    }

    /**
     * @param wallNanos Unix nanoseconds of the sending
     * @param compress whether zlib may be used
     */
    static byte[] encode(List<ZabbixValue> values, long wallNanos, boolean compress) {
        List<DataObject> data = new ArrayList<>(values.size());
        for (ZabbixValue value : values) {
            data.add(new StampedObject(value));
        }
        SenderRequest request = new SenderRequest();
        request.setClock(TimeUnit.NANOSECONDS.toSeconds(wallNanos));
        request.setData(data);
        byte[] bytes = request.toBytes();
        return Frame.encode(bytes, LIBRARY_HEADER_BYTES, bytes.length - LIBRARY_HEADER_BYTES, compress);
    }
}
