package io.pingagent.jobs;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.model.Burst;
import io.pingagent.model.Job;
import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any definition is a job within its limits, or a list of problems that is short. The first line of an input is the job's
 * name, which comes from Redis, too.
 */
class JobParserFuzzTest {

    private static final int MOST_PROBLEMS = 25;

    @ParameterizedTest
    @MethodSource("seeds")
    void anyDefinitionIsAJobOrProblems(byte[] input) {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(JobParserFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String name = end < 0 ? "core" : text.substring(0, end);
        ParsedJob parsed = JobParser.parse(text.substring(end + 1), name, "job_" + name);
        FuzzChecks.problems(parsed.problems(), MOST_PROBLEMS);
        Job job = parsed.job();
        check((job == null) == (parsed.spec() == null), "a job and no spec, or a spec and no job");
        if (job == null) {
            check(!parsed.problems().isEmpty(), "no job and no problem");
            return;
        }
        check(job.name().equals(name), "the name is " + job.name());
        check(job.spec().equals(String.valueOf(parsed.spec())), "the spec is " + job.spec());
        check(!job.groups().isEmpty() && job.groups().stream().noneMatch(String::isBlank), "groups " + job.groups());
        Integer pttl = job.judging().pttlSeconds();
        check(pttl == null || pttl >= 1 && pttl <= 2_000_000, "pttl " + pttl);
        Integer allowedLoss = job.judging().allowedLoss();
        check(allowedLoss == null || allowedLoss >= 0 && allowedLoss <= 1_000_000, "allowedloss " + allowedLoss);
        Long timeout = job.judging().timeoutNanos();
        check(timeout == null || timeout >= 1_000_000 && timeout <= 60_000_000_000L, "timeout " + timeout);
        Burst burst = job.burst();
        long intervalNanos = parsed.spec().shortestGap().toNanos();
        long waitNanos = timeout == null ? 1_000_000_000L : timeout;
        check(
                burst.equals(Burst.ONE)
                        || burst.lengthNanos() < intervalNanos
                                && burst.mostInFlight(intervalNanos, waitNanos) <= Burst.MOST_IN_FLIGHT,
                "burst " + burst);
    }
}
