package io.pingagent.testkit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/**
 * The seeds of a fuzz target, for its ordinary test. A target is a class with {@code fuzzerTestOneInput(byte[])}, which
 * {@code src/fuzz/run} hands to Jazzer; its seeds stand in a folder named after the class and {@code Inputs}, among the
 * resources of its package. What Jazzer finds is put there once it is fixed.
 */
public final class FuzzSeeds {

    private FuzzSeeds() {}

    /**
     * Each seed under the name of its file, and an empty input.
     *
     * @throws IllegalStateException if there is no seed: the folder's name is then wrong
     */
    public static Stream<Named<byte[]>> of(Class<?> target) {
        String folder = target.getSimpleName() + "Inputs";
        URL found = target.getResource(folder);
        if (found == null) {
            throw new IllegalStateException("no folder " + folder + " beside " + target.getName());
        }
        List<Named<byte[]>> seeds = new ArrayList<>();
        seeds.add(Named.of("nothing", new byte[0]));
        try (Stream<Path> files = Files.list(Path.of(found.toURI()))) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Named.of(String.valueOf(file.getFileName()), Files.readAllBytes(file)));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the seeds in " + folder + " cannot be read", e);
        }
        if (seeds.size() == 1) {
            throw new IllegalStateException("no seed in " + folder);
        }
        return seeds.stream();
    }
}
