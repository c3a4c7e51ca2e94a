package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueApplierTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 100, 62_500, 65_536, 999_983, 1_000_000})
    void everyAddressGetsAnId(int size) {
        int[] reached = CatalogueApplier.spreadIndexes(size).sorted().toArray();
        assertArrayEquals(IntStream.range(0, size).toArray(), reached);
    }

    /** A /24 whose addresses were probed back to back would be a burst at one router. */
    @ParameterizedTest
    @ValueSource(ints = {10_000, 62_500, 65_536, 999_983, 1_000_000})
    void neighbouringAddressesAreProbedFarApart(int size) {
        int block = 256;
        int even = size / block;
        int[] order = CatalogueApplier.spreadIndexes(size).toArray();
        for (int first : new int[] {0, size / 3, size - block}) {
            int lastVisit = -size;
            for (int i = 0; i < size; i++) {
                if (order[i] >= first && order[i] < first + block) {
                    int gap = i - lastVisit;
                    assertTrue(gap > even / 4, "probes " + gap + " apart, evenly would be " + even);
                    lastVisit = i;
                }
            }
        }
    }
}
