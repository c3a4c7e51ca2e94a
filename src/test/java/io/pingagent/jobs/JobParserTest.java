package io.pingagent.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.Burst;
import io.pingagent.model.Job;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.Problem;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobParserTest {

    private static final String BASE = "\"SPEC\":\"*/10 * * * * *\",\"group\":[\"g1\"]";

    @Test
    void readsTheContractsExample() {
        ParsedJob parsed = parse("{\"SPEC\":\"*/10 * * * * *\",\"name\":\"core\",\"group\":[\"g1\",\"g2\"]}");
        assertEquals(List.of(), parsed.problems());
        assertEquals(new Job("core", "job_core", "*/10 * * * * *", List.of("g1", "g2")), parsed.job());
        assertEquals(CronSpec.parse("*/10 * * * * *"), parsed.spec());
    }

    @Test
    void readsFieldNamesInAnyCaseAndASingleGroup() {
        ParsedJob parsed = parse("{\"spec\":\"@hourly\",\"NAME\":\"core\",\"Group\":\"g1\",\"PTTL\":7300,"
                + "\"AllowedLoss\":2,\"TimeOut\":0.25}");
        assertEquals(List.of(), parsed.problems());
        assertEquals(
                new Job(
                        "core",
                        "job_core",
                        "@hourly",
                        List.of("g1"),
                        new Job.Judging(7300, 2, 250_000_000L),
                        Burst.ONE,
                        ProbeProfile.DEFAULT),
                parsed.job());
    }

    @ParameterizedTest
    @CsvSource({
        "0.001, 1000000",
        "60, 60000000000",
        "1.5, 1500000000",
        "1e0, 1000000000",
        "0.0010001, 2000000",
        "0.25049999, 251000000",
        "59.9990001, 60000000000"
    })
    void readsTheTimeoutInSeconds(String timeout, long nanos) {
        assertEquals(
                nanos,
                parse("{" + BASE + ",\"timeout\":" + timeout + "}")
                        .job()
                        .judging()
                        .timeoutNanos());
    }

    @Test
    void probesFurtherApartThanAnyTtlAreTold() {
        ParsedJob monthly = parse("{\"SPEC\":\"@monthly\",\"group\":[\"g1\"]}");
        assertEquals(
                List.of(
                        "job_core: SPEC: up to 31 days between two probes, but last-ms lives 23 days at most, so healthy"
                                + " addresses would come on the err list; write a spec that fires at least every 23 days"),
                monthly.problems().stream().map(Problem::toString).toList());
        assertNull(monthly.job());
        for (String rare : List.of("@weekly", "0 0 1,15 * *", "@every 550h")) {
            ParsedJob parsed = parse("{\"SPEC\":\"" + rare + "\",\"group\":[\"g1\"]}");
            assertEquals(List.of(), parsed.problems());
            assertTrue(parsed.spec().longestGap().plusSeconds(60).compareTo(Job.LONGEST_TTL) < 0, rare);
        }
    }

    @Test
    void anotherNameIsToldButTheJobRuns() {
        ParsedJob parsed = parse("{" + BASE + ",\"name\":\"edge\"}");
        assertEquals("core", parsed.job().name());
        assertEquals(
                List.of("job_core: name: it is 'edge', but the key belongs to the job 'core', which is the name used;"
                        + " write \"name\":\"core\""),
                texts(parsed));
    }

    @Test
    void aTtlThatEndsBeforeTheNextProbeIsToldButTheJobRuns() {
        ParsedJob parsed = parse("{\"SPEC\":\"@every 60s\",\"group\":\"g1\",\"pttl\":60}");
        assertEquals(60, parsed.job().judging().pttlSeconds());
        assertEquals(
                List.of(
                        "job_core: pttl: 60 s end before the next probe, up to 60 s later: healthy addresses come on the"
                                + " err list; leave pttl out, or write more than the gap and the timeout together"),
                texts(parsed));
        assertEquals(
                List.of(),
                parse("{\"SPEC\":\"@every 60s\",\"group\":\"g1\",\"pttl\":61}").problems());
    }

    @Test
    void anUnknownFieldIsToldButTheJobRuns() {
        ParsedJob parsed = parse("{" + BASE + ",\"alowedloss\":{\"a\":[1,2]}}");
        assertNotNull(parsed.job());
        assertEquals(
                List.of("job_core: alowedloss: unknown field, ignored; known are SPEC, name, group, pttl, allowedloss,"
                        + " timeout, count, gap, dscp, size, ttl, source, interface and dontfragment"),
                texts(parsed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "count":5,"gap":"200ms"|5|200
                    "COUNT":5,"Gap":"0.2s"|5|200
                    "count":5|5|100
                    "count":2,"gap":"9.999s"|2|9999
                    "count":64,"gap":"1ms"|64|1
                    "count":1|1|0
                    """)
    void readsCountAndGap(String written, int count, long gapMillis) {
        ParsedJob parsed = parse("{" + BASE + "," + written + "}");
        assertEquals(List.of(), parsed.problems());
        assertEquals(new Burst(count, gapMillis * 1_000_000), parsed.job().burst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "count":0|count: 0 is not allowed; write a whole number, 1 to 64 probes
                    "count":65|count: 65 is not allowed; write a whole number, 1 to 64 probes
                    "count":2.5|count: 2.5 is not allowed; write a whole number, 1 to 64 probes
                    "count":"5"|count: it is a text, not a number; write 1 to 64 probes, without quotes
                    "count":5,"gap":200|gap: it is a number, not a text; write for example "200ms"
                    "count":5,"gap":"200"|gap: '200' is no time in ms or s; write "1ms" to "60s"
                    "count":5,"gap":"-1ms"|gap: '-1ms' is no time in ms or s; write "1ms" to "60s"
                    "count":5,"gap":"1m"|gap: '1m' is no time in ms or s; write "1ms" to "60s"
                    "count":5,"gap":"0ms"|gap: '0ms' is not allowed; write "1ms" to "60s"
                    "count":5,"gap":"61s"|gap: '61s' is not allowed; write "1ms" to "60s"
                    "count":5,"gap":"2.5s"|gap: 5 probes with a gap of 2500 ms take 10000 ms, but the job fires again after 10000 ms; write "gap":"2499ms" or less, a smaller count or a longer interval
                    "count":64,"gap":"1s","timeout":1|gap: 64 probes with a gap of 1000 ms take 63000 ms, but the job fires again after 10000 ms; write "gap":"158ms" or less, a smaller count or a longer interval
                    "count":64,"gap":"1ms","timeout":10|count: up to 65 probes of an address would wait for their replies at once, with a timeout of 10000 ms; the agent remembers 64; write a smaller count, a longer gap or a shorter timeout
                    """)
    void aBadCountOrGapNamesFieldAndRemedy(String written, String problem) {
        ParsedJob parsed = parse("{" + BASE + "," + written + "}");
        assertNull(parsed.job());
        assertEquals(List.of("job_core: " + problem), texts(parsed));
    }

    @Test
    void aCountWithoutGapThatDoesNotFitNamesTheCount() {
        assertEquals(
                List.of("job_core: count: 11 probes with a gap of 100 ms take 1000 ms, but the job fires again after"
                        + " 1000 ms; write \"gap\":\"99ms\" or less, a smaller count or a longer interval"),
                texts(parse("{\"SPEC\":\"@every 1s\",\"group\":[\"g1\"],\"count\":11}")));
    }

    /** Its round is spread over a minute, but the next one comes in an hour. */
    @Test
    void theProbesOfASlowJobMayBeFurtherApartThanItsRoundIsLong() {
        ParsedJob parsed = parse("{\"SPEC\":\"@hourly\",\"group\":[\"g1\"],\"count\":60,\"gap\":\"60s\"}");
        assertEquals(List.of(), parsed.problems());
        assertEquals(new Burst(60, 60_000_000_000L), parsed.job().burst());
    }

    @Test
    void readsTheProfileOfItsProbes() {
        ParsedJob parsed = parse("{" + BASE + ",\"DSCP\":46,\"size\":1200,\"TTL\":12,\"source\":[\"192.0.2.1\","
                + "\"2001:db8::1\"],\"Interface\":\"eth1\",\"dontFragment\":true}");
        assertEquals(List.of(), parsed.problems());
        assertEquals(
                new ProbeProfile(
                        46, 1_200, 12, Addresses.parse("192.0.2.1"), Addresses.parse("2001:db8::1"), "eth1", true),
                parsed.job().profile());
        assertEquals(
                "dscp 46, size 1200, ttl 12, source 192.0.2.1, source 2001:db8::1, interface eth1, dontfragment true",
                parsed.job().profile().toString());
        assertEquals(
                Addresses.parse("192.0.2.1"),
                parse("{" + BASE + ",\"source\":\"192.0.2.1\"}").job().profile().sourceV4());
        assertEquals(ProbeProfile.DEFAULT, parse("{" + BASE + "}").job().profile());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "dscp":64|dscp: 64 is not allowed; write a whole number, 0 to 63 (46 is EF)
                    "dscp":-1|dscp: -1 is not allowed; write a whole number, 0 to 63 (46 is EF)
                    "dscp":"EF"|dscp: it is a text, not a number; write 0 to 63 (46 is EF), without quotes
                    "size":31|size: 31 is not allowed; write a whole number, 32 to 1472 bytes
                    "size":1473|size: 1473 is not allowed; write a whole number, 32 to 1472 bytes
                    "ttl":0|ttl: 0 is not allowed; write a whole number, 1 to 255 hops
                    "ttl":256|ttl: 256 is not allowed; write a whole number, 1 to 255 hops
                    "source":7|source: it is a number, not a text; write for example "192.0.2.1" or ["192.0.2.1","2001:db8::1"]
                    "source":[]|source: it names no address; write for example "192.0.2.1" or ["192.0.2.1","2001:db8::1"], or leave it out
                    "source":"eth0"|source: 'eth0' is no address; write for example "192.0.2.1" or ["192.0.2.1","2001:db8::1"]
                    "source":"224.0.0.1"|source: '224.0.0.1' can never be a source: it is a multicast address, not a host's; write an address of this machine
                    "source":["192.0.2.1","192.0.2.2"]|source: it has more than one IPv4 address; write one IPv4 and one IPv6 address at most
                    "interface":""|interface: '' is not allowed; write an interface name of 1 to 15 characters
                    "interface":"a/b"|interface: 'a/b' is not allowed; write an interface name of 1 to 15 characters
                    "interface":"sixteen-letters-"|interface: 'sixteen-letters-' is not allowed; write an interface name of 1 to 15 characters
                    "dontfragment":"yes"|dontfragment: it is a text, not true or false; write true or false, without quotes
                    "dontfragment":1|dontfragment: it is a number, not true or false; write true or false, without quotes
                    """)
    void aBadProfileNamesFieldAndRemedy(String written, String problem) {
        ParsedJob parsed = parse("{" + BASE + "," + written + "}");
        assertNull(parsed.job());
        assertEquals(List.of("job_core: " + problem), texts(parsed));
    }

    @Test
    void aGapWithoutCountIsSaidButTheJobRuns() {
        ParsedJob parsed = parse("{" + BASE + ",\"gap\":\"200ms\"}");
        assertEquals(Burst.ONE, parsed.job().burst());
        assertEquals(
                List.of("job_core: gap: it has no effect without a count of 2 or more; add \"count\":5, or leave it"
                        + " out"),
                texts(parsed));
    }

    @Test
    void theTimeoutOfTheConfigurationCountsForProbesInFlight() {
        String json = "{\"SPEC\":\"@every 1s\",\"group\":[\"g1\"],\"count\":20,\"gap\":\"10ms\"}";
        CronSpecs specs = new CronSpecs(ZoneOffset.UTC);
        assertNotNull(
                JobParser.parse(json, "core", "job_core", specs, 1_000_000_000L).job());
        assertNull(
                JobParser.parse(json, "core", "job_core", specs, 5_000_000_000L).job());
    }

    @Test
    void aGroupNamedTwiceIsProbedOnce() {
        ParsedJob parsed = parse("{\"SPEC\":\"@hourly\",\"group\":[\"g1\",\"g1\"]}");
        assertEquals(List.of("g1"), parsed.job().groups());
        assertEquals(List.of("job_core: group: it names the group 'g1' twice; remove one"), texts(parsed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``|job_core: the definition is empty; write for example EXAMPLE
                    []|job_core: the definition is no JSON object but a list; write for example EXAMPLE
                    "x"|job_core: the definition is no JSON object but a text; write for example EXAMPLE
                    {"name":"core","group":["g1"]}|job_core: the field SPEC is missing; add "SPEC":"*/10 * * * * *"
                    {"SPEC":"@hourly"}|job_core: the field group is missing; add "group":["g1"]
                    {"SPEC":5,"group":"g1"}|job_core: SPEC: it is a number, not a text; write for example "*/10 * * * * *"
                    {"SPEC":null,"group":"g1"}|job_core: SPEC: it is null, not a text; write for example "*/10 * * * * *"
                    {"SPEC":"0 0 31 2 *","group":"g1"}|job_core: SPEC: '0 0 31 2 *' never fires: no such day of month in these months; write five-field cron, six-field cron or @every 10s
                    {"SPEC":"@hourly","group":[]}|job_core: group: it names no group; write for example "group":["g1"]
                    {"SPEC":"@hourly","group":[" "]}|job_core: group: the name of a group is empty; write for example "group":["g1"]
                    {"SPEC":"@hourly","group":["g1",{}]}|job_core: group: it is an object, not a text; write for example ["g1"]
                    {"SPEC":"@hourly","spec":"@daily","group":"g1"}|job_core: spec: the field is there twice; remove one
                    {BASE,"pttl":-1}|job_core: pttl: -1 is not allowed; write a whole number, 1 to 2000000 seconds
                    {BASE,"pttl":0}|job_core: pttl: 0 is not allowed; write a whole number, 1 to 2000000 seconds
                    {BASE,"pttl":1.5}|job_core: pttl: 1.5 is not allowed; write a whole number, 1 to 2000000 seconds
                    {BASE,"pttl":"30"}|job_core: pttl: it is a text, not a number; write 1 to 2000000 seconds, without quotes
                    {BASE,"pttl":1e999999999}|job_core: pttl: 1E+999999999 is not allowed; write a whole number, 1 to 2000000 seconds
                    {BASE,"pttl":1e99999999999}|job_core: pttl: 1e99999999999 is not allowed; write 1 to 2000000 seconds
                    {BASE,"allowedloss":-2}|job_core: allowedloss: -2 is not allowed; write a whole number, 0 to 1000000 packets
                    {BASE,"timeout":0}|job_core: timeout: 0 is not allowed; write 0.001 to 60 seconds
                    {BASE,"timeout":60.001}|job_core: timeout: 60.001 is not allowed; write 0.001 to 60 seconds
                    {BASE,"timeout":true}|job_core: timeout: it is true or false, not a number; write 0.001 to 60 seconds, without quotes
                    {BASE} x|job_core: the definition is not valid JSON in line 1 near column 43: unexpected character; write for example EXAMPLE
                    {BASE}{}|job_core: the definition is not valid JSON in line 1 near column 42: unexpected character; write for example EXAMPLE
                    {BASE|job_core: the definition is not valid JSON in line 1 near column 40: it ends too early; write for example EXAMPLE
                    {"SPEC":"@hourly",}|job_core: the definition is not valid JSON in line 1 near column 20: Expected name; write for example EXAMPLE
                    {SPEC:"@hourly"}|job_core: the definition is not valid JSON in line 1 near column 3: unexpected character; put field names and texts in double quotes, as in EXAMPLE
                    """)
    void refusesWithPlaceReasonAndRemedy(String json, String message) {
        String example = "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"core\",\"group\":[\"g1\"]}";
        ParsedJob parsed = parse(json.replace("BASE", BASE));
        assertNull(parsed.job());
        assertNull(parsed.spec());
        assertEquals(List.of(message.replace("EXAMPLE", example)), texts(parsed));
    }

    @Test
    void tellsTheLineOfAnError() {
        ParsedJob parsed = parse("{\n  \"SPEC\": \"@hourly\",\n  \"group\" [\"g1\"]\n}");
        assertTrue(
                texts(parsed).get(0).contains("in line 3 near column"),
                texts(parsed).get(0));
    }

    @Test
    void tellsAllProblemsAtOnce() {
        assertEquals(
                3, parse("{\"SPEC\":\"x\",\"group\":[],\"pttl\":0}").problems().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    @Timeout(5)
    void deepNestingCannotBlowTheStack(String open) {
        for (String json : List.of(open.repeat(100_000), "{\"x\":" + open.repeat(100_000))) {
            ParsedJob parsed = parse(json);
            assertNull(parsed.job());
            assertTrue(parsed.problems().size() <= 2, "one for the unknown field, one for the depth");
        }
    }

    @Test
    @Timeout(5)
    void hugeDefinitionsAndNumbersAreCheapAndNotEchoed() {
        for (String json : List.of(
                "{" + BASE + ",\"x\":\"" + "a".repeat(2_000_000) + "\"}",
                "{" + BASE + ",\"pttl\":" + "9".repeat(500_000) + "}",
                "{" + BASE + ",\"pttl\":1e-999999999}",
                "{" + BASE + ",\"name\":5,\"" + "n".repeat(500_000) + "\":1}",
                "{\"SPEC\":\"" + "* ".repeat(200_000) + "\",\"group\":\"g\"}")) {
            ParsedJob parsed = parse(json);
            assertNull(parsed.job());
            parsed.problems().forEach(problem -> assertTrue(problem.toString().length() < 400, problem.where()));
        }
    }

    @Test
    void aLineBreakInAFieldCannotForgeALogLine() {
        ParsedJob parsed = parse("{" + BASE + ",\"a\\nERROR forged\":1}");
        assertTrue(texts(parsed).stream().noneMatch(text -> text.contains("\n")));
    }

    @Test
    void aSpecIsCheapToRead() {
        long startNanos = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            parse("{" + BASE + "}");
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - startNanos).toMillis() < 5_000);
    }

    @Test
    void aBadTimeZoneIsAProblemOfTheJob() {
        ParsedJob parsed =
                JobParser.parse("{\"SPEC\":\"CRON_TZ=Mars/Base 0 6 * * *\",\"group\":[\"g\"]}", "core", "job_core");
        assertNull(parsed.job());
        assertEquals(
                "'CRON_TZ=Mars/Base 0 6 * * *' has a bad time zone: 'Mars/Base' is no time zone; write for example"
                        + " CRON_TZ=Europe/Berlin 0 6 * * *",
                parsed.problems().get(0).what());
    }

    private static ParsedJob parse(String json) {
        return JobParser.parse(json, "core", "job_core");
    }

    private static List<String> texts(ParsedJob parsed) {
        return parsed.problems().stream().map(Problem::toString).toList();
    }
}
