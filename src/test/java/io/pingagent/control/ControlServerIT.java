package io.pingagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The control socket over real Unix sockets. */
@Timeout(60)
class ControlServerIT {

    private static final ControlRequest PING = new ControlRequest("ping.get", List.of("gza", "\"\n\\"), 30_000);

    private Path directory;
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("pa2");
        socket = directory.resolve("gza.sock");
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static String echo(ControlRequest request) {
        return request.key() + request.parameters();
    }

    private void start(ControlHandler handler) throws ControlSocketException {
        server = ControlServer.start(socket, handler);
    }

    private SocketChannel connected() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    private static String rest(SocketChannel channel) throws IOException {
        try (InputStream in = Channels.newInputStream(channel)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Test
    void anAnswerIsTheLengthAndTheText() throws Exception {
        start(request -> "grün\n" + request.timeoutMillis());
        try (SocketChannel channel = connected()) {
            send(channel, "{\"key\":\"x\",\"timeoutMillis\":7}\n");
            assertEquals("OK 7\ngrün\n7", rest(channel));
        }
        assertEquals("grün\n30000", ControlClient.ask(socket, PING).toString());
    }

    @Test
    void everybodyMayConnectAndTheFileGoesWithTheServer() throws Exception {
        start(ControlServerIT::echo);
        assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        assertEquals("ping.get[gza, \"\n\\]", ControlClient.ask(socket, PING).toString());
        server.close();
        assertFalse(Files.exists(socket));
        ControlException refusal = assertThrows(ControlException.class, () -> ControlClient.ask(socket, PING));
        assertTrue(refusal.getMessage().contains("no ping-agent runs here"), refusal.getMessage());
    }

    @Test
    void whatTheHandlerRefusesOrBreaksIsAnErrorText() throws Exception {
        start(request -> {
            if (request.key().isEmpty()) {
                throw new IllegalStateException("broken");
            }
            throw new ControlException("not\nhere");
        });
        ControlAnswer refused = ControlClient.ask(socket, PING);
        assertTrue(refused.isError());
        assertEquals("not?here", refused.toString());
        ControlAnswer broken = ControlClient.ask(socket, new ControlRequest("", List.of(), 30_000));
        assertTrue(broken.isError() && broken.toString().contains("broken"), broken.toString());
        // And goes on.
        assertTrue(ControlClient.ask(socket, PING).isError());
    }

    @Test
    void aLineThatIsNoRequestOrTooLongIsRefused() throws Exception {
        start(ControlServerIT::echo);
        for (String line :
                List.of("", "x", "[]", "{\"key\":[]}", "{\"key\":\"a\"} {}", "{\"parameters\":{}}", "\u0000")) {
            try (SocketChannel channel = connected()) {
                send(channel, line + "\n");
                String answer = rest(channel);
                assertTrue(answer.startsWith("ERROR ") && answer.contains("not understood"), line + ": " + answer);
            }
        }
        try (SocketChannel channel = connected()) {
            send(channel, "x".repeat(ControlProtocol.MOST_REQUEST_BYTES + 1));
            String answer = rest(channel);
            assertTrue(answer.contains("more than 8192 bytes"), answer);
        }
        ControlRequest tooLong = new ControlRequest("k", List.of("x".repeat(9_000)), 1_000);
        assertTrue(
                assertThrows(ControlException.class, () -> ControlClient.ask(socket, tooLong))
                        .getMessage()
                        .contains("shorten them"),
                "before it is sent");
    }

    @Test
    void anAnswerThatIsTooLongIsAnError() throws Exception {
        start(request ->
                "x".repeat(ControlProtocol.MOST_ANSWER_BYTES + (request.key().isEmpty() ? 1 : 0)));
        assertEquals(
                ControlProtocol.MOST_ANSWER_BYTES,
                ControlClient.ask(socket, PING).text().length);
        assertTrue(ControlClient.ask(socket, new ControlRequest("", List.of(), 30_000))
                .isError());
    }

    /** As many as there may be say nothing, and one takes nothing of a long answer. */
    @Test
    void slowClientsAreLeftAndOthersAnswered() throws Exception {
        server = ControlServer.start(socket, request -> "x".repeat(1_000_000), 2_000);
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < ControlServer.MOST_CONNECTIONS; i++) {
                SocketChannel channel = connected();
                silent.add(channel);
                if (i % 2 == 0) {
                    send(channel, "{\"key\":\"takes nothing\"}\n");
                } else {
                    send(channel, "{");
                }
            }
            assertEquals(1_000_000, ControlClient.ask(socket, PING).text().length);
            for (int i = 1; i < silent.size(); i += 2) {
                assertEquals("", rest(silent.get(i)));
            }
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void aClientThatIsGoneHarmsNobody() throws Exception {
        start(request -> "x".repeat(1_000_000));
        for (int i = 0; i < 2 * ControlServer.MOST_CONNECTIONS; i++) {
            try (SocketChannel channel = connected()) {
                send(channel, i % 2 == 0 ? "{\"key\":\"x\"}\n" : "{\"k");
            }
        }
        assertEquals(1_000_000, ControlClient.ask(socket, PING).text().length);
    }

    /** More often than there are places: each must be free again. */
    @Test
    void goesOnWhenThereWasNoThreadToAnswer() throws Exception {
        AtomicInteger failures = new AtomicInteger(ControlServer.MOST_CONNECTIONS + 2);
        server = ControlServer.start(socket, request -> "1", 30_000, task -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task);
        });
        for (int i = 0; i < ControlServer.MOST_CONNECTIONS + 2; i++) {
            assertThrows(ControlException.class, () -> ControlClient.ask(socket, PING), "nobody answers");
        }
        assertEquals("1", ControlClient.ask(socket, PING).toString());
    }

    /** connect(2) fails with EAGAIN then, and nothing says when there is room. */
    @Test
    void aFullQueueIsWaitedFor() throws Exception {
        List<SocketChannel> queued = new ArrayList<>();
        ExecutorService asker = Executors.newSingleThreadExecutor();
        try (ServerSocketChannel busy =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), 1)) {
            for (SocketChannel channel = DeadlineChannel.ifRoom(socket);
                    channel != null;
                    channel = DeadlineChannel.ifRoom(socket)) {
                queued.add(channel);
            }
            assertTrue(SocketPaths.isListening(socket), "busy");
            ControlRequest hasty = new ControlRequest("k", List.of(), 50);
            ControlException refusal = assertThrows(ControlException.class, () -> ControlClient.ask(socket, hasty));
            assertTrue(refusal.getMessage().contains("did not answer within 50 ms"), refusal.getMessage());
            Future<ControlAnswer> answer = asker.submit(() -> ControlClient.ask(socket, PING));
            for (int i = 0; i < queued.size(); i++) {
                busy.accept().close();
            }
            try (SocketChannel channel = busy.accept()) {
                channel.read(ByteBuffer.allocate(1_000));
                send(channel, "OK 1\n1");
            }
            assertEquals("1", answer.get().toString());
        } finally {
            asker.shutdownNow();
            for (SocketChannel channel : queued) {
                channel.close();
            }
            Files.delete(socket);
        }
    }

    /** What takes its time ends with whoever waited for it, but not with one who has only said everything. */
    @Test
    void theHandlerSeesThatItsClientIsGone() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch gone = new CountDownLatch(1);
        start(new ControlHandler() {
            @Override
            public String answer(ControlRequest request) {
                throw new AssertionError("the other one is asked");
            }

            @Override
            public String answer(ControlRequest request, BooleanSupplier isGone) throws ControlException {
                asked.countDown();
                try {
                    assertTrue(asked.await(30, TimeUnit.SECONDS));
                    while (request.key().equals("goes") && !isGone.getAsBoolean()) {
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                    if (request.key().equals("goes")) {
                        gone.countDown();
                    }
                    assertTrue(gone.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new ControlException("interrupted", e);
                }
                return Boolean.toString(isGone.getAsBoolean());
            }
        });
        try (SocketChannel stays = connected()) {
            SocketChannel goes = connected();
            send(goes, "{\"key\":\"goes\"}\n");
            send(stays, "{\"key\":\"stays\"}\n");
            stays.shutdownOutput();
            assertTrue(asked.await(30, TimeUnit.SECONDS));
            assertFalse(gone.await(100, TimeUnit.MILLISECONDS));
            goes.close();
            assertEquals("OK 5\nfalse", rest(stays));
        }
    }

    @Test
    void moreThanFitWaitForTheirTurn() throws Exception {
        CountDownLatch all = new CountDownLatch(ControlServer.MOST_CONNECTIONS);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        start(request -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            all.countDown();
            try {
                assertTrue(all.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new ControlException("interrupted", e);
            }
            atOnce.decrementAndGet();
            return "1";
        });
        ExecutorService clients = Executors.newFixedThreadPool(64);
        try {
            List<Future<ControlAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(clients.submit(() -> ControlClient.ask(socket, PING)));
            }
            for (Future<ControlAnswer> answer : answers) {
                assertEquals("1", answer.get().toString());
            }
        } finally {
            clients.shutdownNow();
        }
        assertEquals(ControlServer.MOST_CONNECTIONS, most.get());
    }

    @Test
    void aSocketThatADeadAgentLeftIsReplacedOneInUseIsNot() throws Exception {
        ServerSocketChannel other =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        ControlSocketException inUse = assertThrows(ControlSocketException.class, () -> start(ControlServerIT::echo));
        assertTrue(inUse.getMessage().contains("another process listens"), inUse.getMessage());
        assertTrue(Files.exists(socket));
        other.close();
        assertTrue(Files.exists(socket), "closing leaves the file");
        start(ControlServerIT::echo);
        assertEquals("ping.get[gza, \"\n\\]", ControlClient.ask(socket, PING).toString());
        try (var files = Files.list(directory)) {
            assertEquals(List.of(socket), files.toList());
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(socket, "precious");
        ControlSocketException refusal = assertThrows(ControlSocketException.class, () -> start(ControlServerIT::echo));
        assertTrue(refusal.getMessage().contains("is no socket"), refusal.getMessage());
        assertEquals("precious", Files.readString(socket));
        assertTrue(
                assertThrows(ControlException.class, () -> ControlClient.ask(socket, PING))
                        .getMessage()
                        .contains("cannot be asked"),
                "the client says so, too");
    }

    @Test
    void theFileOfASuccessorIsNotRemoved() throws Exception {
        start(ControlServerIT::echo);
        Files.delete(socket);
        ControlServer successor = ControlServer.start(socket, request -> "2");
        server.close();
        server = successor;
        assertEquals("2", ControlClient.ask(socket, PING).toString());
    }

    @Test
    void aPlaceWhereNothingCanBeMadeIsAProblemWithItsRemedy() {
        ControlSocketException missing = assertThrows(
                ControlSocketException.class,
                () -> ControlServer.start(directory.resolve("x/gza.sock"), ControlServerIT::echo));
        assertTrue(missing.isUnusableDirectory());
        assertEquals("agent.socket", missing.problem().where());
        assertTrue(missing.getMessage().contains("does not exist; make it"), missing.getMessage());
        ControlSocketException tooLong = assertThrows(
                ControlSocketException.class,
                () -> ControlServer.start(directory.resolve("x".repeat(120)), ControlServerIT::echo));
        assertTrue(tooLong.getMessage().contains("at most 107"), tooLong.getMessage());
        assertFalse(tooLong.isUnusableDirectory());
    }

    @Test
    void aClientWaitsNoLongerThanItSays() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        start(request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new ControlException("interrupted", e);
            }
            return "";
        });
        ControlException refusal = assertThrows(
                ControlException.class, () -> ControlClient.ask(socket, new ControlRequest("k", List.of(), 50)));
        assertTrue(refusal.getMessage().contains("did not answer within 50 ms"), refusal.getMessage());
    }

    @Test
    void aStrangeServerIsNotBelieved() throws Exception {
        for (String header : List.of("HTTP/1.1 400\n", "OK -1\n", "OK 99999999999\n", "OK x\n", "OK 5\nabc", "")) {
            try (ServerSocketChannel strange =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
                Thread thread = new Thread(() -> {
                    try (SocketChannel channel = strange.accept()) {
                        channel.read(ByteBuffer.allocate(1_000));
                        send(channel, header);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                thread.start();
                assertThrows(ControlException.class, () -> ControlClient.ask(socket, PING), header);
                thread.join();
            }
            Files.delete(socket);
        }
    }
}
