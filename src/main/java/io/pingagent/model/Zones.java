package io.pingagent.model;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OneLine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The zones of IPv6 addresses, {@code eth0} in {@code fe80::1%eth0}, each with a small number.
 *
 * <p>A number once given keeps its name until the process ends, so an address that carries it never changes its text.
 *
 * <p>A zone is text and part of an address's identity. Whether this host has such an interface, and under which index,
 * is asked when a probe is sent. Interfaces come, go and are made again with another index. Commands also run on hosts
 * that have other interfaces.
 */
@AnyThread
public final class Zones {

    /** Most different zones that one process knows: group members are written by others, and must not fill the memory. */
    public static final int MAX_ZONES = 4_096;

    /** IFNAMSIZ is 16 with the final zero. */
    private static final int MAX_LENGTH = 15;

    private static final int MAX_SHOWN = 60;

    private static final String OTHER_CHARACTERS = "._-+=@~#!^";

    private static final Map<String, Integer> NUMBERS = new ConcurrentHashMap<>();
    private static final AtomicReferenceArray<String> NAMES = new AtomicReferenceArray<>(MAX_ZONES + 1);

    private Zones() {}

    /**
     * The number of a zone, 1 to {@value #MAX_ZONES}; the same for the same text until this process ends.
     *
     * @param name an interface's name, or its index in decimal for when no interface has that name
     * @throws IllegalArgumentException if no interface may have that name, or this process knows too many already
     */
    public static int number(String name) {
        int known = find(name);
        return known != 0 ? known : add(name);
    }

    /** The number of a zone that was named before, else 0. */
    public static int find(String name) {
        return NUMBERS.getOrDefault(name, 0);
    }

    /** The text of a zone; of a number that nobody has been given, the number. */
    public static String name(int number) {
        String name = number > 0 && number <= MAX_ZONES ? NAMES.get(number) : null;
        return name == null ? Integer.toString(number) : name;
    }

    private static synchronized int add(String name) {
        int known = find(name);
        if (known != 0) {
            return known;
        }
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "'" + OneLine.of(name, MAX_SHOWN) + "' is no zone: write an interface's name of 1 to " + MAX_LENGTH
                            + " letters, digits and " + OTHER_CHARACTERS);
        }
        int number = NUMBERS.size() + 1;
        if (number > MAX_ZONES) {
            throw new IllegalArgumentException("the zone '" + name + "' is one too many: at most " + MAX_ZONES
                    + " different ones are known; remove some and restart");
        }
        NAMES.set(number, name);
        NUMBERS.put(name, number);
        return number;
    }

    /**
     * Linux allows more, but nobody uses it. What means something in JSON, shells, URLs or item keys stays out, because
     * zones come from whoever may write to Redis.
     */
    private static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().allMatch(Zones::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || OTHER_CHARACTERS.indexOf(c) >= 0;
    }
}
