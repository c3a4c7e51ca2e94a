package io.pingagent.zabbix.sender;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.model.ZabbixServer;
import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.BadAnswerException;
import io.pingagent.zabbix.transport.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server's answer is an acknowledgement of what was sent, a refusal, a redirect, or a bad answer; never anything else. */
class AnswerFuzzTest {

    private static final int SENT = 3;

    @ParameterizedTest
    @MethodSource("seeds")
    void anyAnswerIsUnderstoodOrBad(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(AnswerFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        parse(input);
        readFrame(input);
        for (boolean compress : new boolean[] {false, true}) {
            byte[] frame = Frame.encode(input, compress);
            byte[] again = Frame.read(new ByteArrayInputStream(frame), Math.max(1, input.length));
            check(Arrays.equals(input, again), "another text after encoding and reading");
        }
    }

    private static void readFrame(byte[] input) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(input);
        byte[] data;
        try {
            data = Frame.read(in, Frame.MAX_ANSWER_BYTES);
        } catch (BadAnswerException e) {
            FuzzChecks.message(e.getMessage());
            return;
        }
        check(data.length <= Frame.MAX_ANSWER_BYTES, data.length + " bytes");
        parse(data);
    }

    private static void parse(byte[] json) {
        SenderAnswer answer;
        try {
            answer = AnswerParser.parse(json, SENT);
        } catch (BadAnswerException e) {
            FuzzChecks.message(e.getMessage());
            return;
        }
        if (answer instanceof Counts counts) {
            check(counts.total() == SENT && counts.processed() >= 0 && counts.failed() >= 0, counts.toString());
        } else if (answer instanceof Refused refused) {
            FuzzChecks.message("refused: " + refused.info());
        } else {
            ZabbixServer to = ((Redirect) answer).to();
            if (to != null) {
                FuzzChecks.message(to.toString());
                check(to.equals(ZabbixServer.parse(to.toString())), to + " reads back as another server");
            }
        }
    }
}
