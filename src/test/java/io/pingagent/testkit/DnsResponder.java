package io.pingagent.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server on a loopback address that answers by UDP, and by TCP where it truncates. Names that it does not know do not
 * exist.
 */
public final class DnsResponder implements AutoCloseable {

    private static final int MOST_BYTES = 4_096;

    /** What it knows of a name, and how it behaves. */
    private record Entry(int rcode, List<String> addresses, String alias, long ttlSeconds, boolean isTruncated) {}

    private static final int SILENT = -1;

    /** A question as it came. */
    public record Asked(String name, boolean isV6, int clientPort, boolean isTcp) {}

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private volatile boolean isDead;

    /** @param address a loopback address */
    public DnsResponder(String address) {
        try {
            InetAddress local = InetAddress.getByName(address);
            tcp = new ServerSocket(0, 50, local);
            udp = new DatagramSocket(tcp.getLocalPort(), local);
            udp.setReceiveBufferSize(4 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("dns-udp", this::serveUdp);
        start("dns-tcp", this::serveTcp);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code address:port}. */
    public String server() {
        return udp.getLocalAddress().getHostAddress() + ":" + udp.getLocalPort();
    }

    /** @param addresses of both families; none: the name exists and has no address */
    public DnsResponder put(String name, long ttlSeconds, String... addresses) {
        entries.put(name, new Entry(Rcode.NOERROR, List.of(addresses), "", ttlSeconds, false));
        return this;
    }

    /** Answers by UDP only that the answer is too long. */
    public DnsResponder putTruncated(String name, long ttlSeconds, String... addresses) {
        entries.put(name, new Entry(Rcode.NOERROR, List.of(addresses), "", ttlSeconds, true));
        return this;
    }

    /** The name is another's, which is put as well. */
    public DnsResponder putAlias(String name, long ttlSeconds, String other) {
        entries.put(name, new Entry(Rcode.NOERROR, List.of(), other, ttlSeconds, false));
        return this;
    }

    public DnsResponder fail(String name) {
        entries.put(name, new Entry(Rcode.SERVFAIL, List.of(), "", 0, false));
        return this;
    }

    public DnsResponder silence(String name) {
        entries.put(name, new Entry(SILENT, List.of(), "", 0, false));
        return this;
    }

    public DnsResponder remove(String name) {
        entries.remove(name);
        return this;
    }

    /** Whether it answers nothing at all. */
    public void dead(boolean now) {
        isDead = now;
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void serveUdp() {
        byte[] buffer = new byte[MOST_BYTES];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = new byte[packet.getLength()];
                System.arraycopy(buffer, 0, query, 0, query.length);
                Message answer = answer(new Message(query), packet.getPort(), false);
                if (answer != null) {
                    byte[] bytes = answer.toWire();
                    udp.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                }
            } catch (SocketException e) {
                // Closed.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Message answer = answer(new Message(query), client.getPort(), true);
                if (answer != null) {
                    byte[] bytes = answer.toWire();
                    out.writeShort(bytes.length);
                    out.write(bytes);
                    out.flush();
                }
            } catch (SocketException e) {
                // Closed.
            } catch (IOException e) {
                // The client left.
            }
        }
    }

    private Message answer(Message query, int port, boolean isTcp) throws IOException {
        Record question = query.getQuestion();
        String name = question.getName().toString(true);
        asked.add(new Asked(name, question.getType() == Type.AAAA, port, isTcp));
        Entry entry = entries.get(name);
        if (isDead || entry != null && entry.rcode == SILENT) {
            return null;
        }
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(question, Section.QUESTION);
        if (entry == null || entry.rcode != Rcode.NOERROR) {
            answer.getHeader().setRcode(entry == null ? Rcode.NXDOMAIN : entry.rcode);
            return answer;
        }
        if (entry.isTruncated && !isTcp) {
            answer.getHeader().setFlag(Flags.TC);
            return answer;
        }
        Name owner = question.getName();
        if (!entry.alias.isEmpty()) {
            Name target = Name.fromString(entry.alias + ".");
            answer.addRecord(new CNAMERecord(owner, DClass.IN, entry.ttlSeconds, target), Section.ANSWER);
            owner = target;
            entry = entries.get(entry.alias);
        }
        for (Record record : records(owner, entry, question.getType())) {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer;
    }

    private static List<Record> records(Name owner, Entry entry, int type) {
        return Stream.ofNullable(entry)
                .flatMap(known -> known.addresses.stream()
                        .filter(text -> text.indexOf(':') >= 0 == (type == Type.AAAA))
                        .map(text -> record(owner, known.ttlSeconds, text)))
                .toList();
    }

    private static Record record(Name owner, long ttlSeconds, String text) {
        try {
            InetAddress address = InetAddress.getByName(text);
            return text.indexOf(':') >= 0
                    ? new AAAARecord(owner, DClass.IN, ttlSeconds, address)
                    : new ARecord(owner, DClass.IN, ttlSeconds, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
