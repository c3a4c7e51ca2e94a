package io.pingagent.e2e;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Writes a picture of a frontend with 256 colours, which makes a third of its size and cannot be seen. */
final class IndexedPng {

    private static final int COLOURS = 256;
    /** Bits of each of red, green and blue by which colours differ. */
    private static final int BITS = 5;

    private IndexedPng() {}

    static void convert(Path png) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        IndexColorModel palette = palette(image);
        BufferedImage indexed =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, palette);
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int colour = image.getRGB(x, y);
                int index = nearest.computeIfAbsent(colour, unused -> nearest(palette, colour));
                indexed.getRaster().setSample(x, y, 0, index);
            }
        }
        ImageIO.write(indexed, "png", png.toFile());
    }

    /** The most frequent colours, alike ones counted together. */
    private static IndexColorModel palette(BufferedImage image) {
        Map<Integer, Map<Integer, Integer>> cells = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int colour = image.getRGB(x, y) & 0xffffff;
                cells.computeIfAbsent(cell(colour), unused -> new HashMap<>()).merge(colour, 1, Integer::sum);
            }
        }
        List<Integer> colours = cells.values().stream()
                .sorted(Comparator.comparing((Map<Integer, Integer> cell) -> -sum(cell)))
                .limit(COLOURS)
                .map(cell -> cell.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey())
                .toList();
        int[] map = new int[COLOURS];
        for (int i = 0; i < colours.size(); i++) {
            map[i] = colours.get(i);
        }
        return new IndexColorModel(8, COLOURS, map, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
    }

    private static int sum(Map<Integer, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static int cell(int colour) {
        int drop = 8 - BITS;
        int mask = 0xff >> drop << drop;
        return colour & (mask << 16 | mask << 8 | mask);
    }

    private static int nearest(IndexColorModel palette, int colour) {
        int best = 0;
        int bestDistance = Integer.MAX_VALUE;
        for (int i = 0; i < COLOURS; i++) {
            int other = palette.getRGB(i);
            int red = (colour >> 16 & 0xff) - (other >> 16 & 0xff);
            int green = (colour >> 8 & 0xff) - (other >> 8 & 0xff);
            int blue = (colour & 0xff) - (other & 0xff);
            int distance = red * red + green * green + blue * blue;
            if (distance < bestDistance) {
                best = i;
                bestDistance = distance;
            }
        }
        return best;
    }
}
