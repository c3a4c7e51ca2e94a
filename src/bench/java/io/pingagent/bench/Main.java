package io.pingagent.bench;

import java.io.IOException;
import java.util.Arrays;

/** Entry of {@code src/bench/run}, which has made a network namespace for it. */
public final class Main {

    private static final int USAGE_ERROR = 64;
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("--jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        try {
            Options options = Options.parse(arguments);
            if (options.has("help")) {
                System.out.println(Options.USAGE);
            } else if (options.has("truth")) {
                new Truth(options).run();
            } else if (options.has("acceptance")) {
                System.exit(new MillionAcceptance(options).run() ? 0 : FAILED);
            } else {
                new Benchmark(options).run();
            }
        } catch (IllegalArgumentException e) {
            System.err.println("src/bench/run: " + e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(USAGE_ERROR);
        } catch (IOException e) {
            System.err.println("src/bench/run: " + e);
            System.exit(FAILED);
        }
    }
}
