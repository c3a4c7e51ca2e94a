package io.pingagent;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The packages and who may use whom, as in the design: the arrows go one way, and each library has one home.
 *
 * <p>No rule may be empty: a package that was moved or renamed must not leave a rule that holds for nothing.
 */
@AnalyzeClasses(packages = "io.pingagent", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {

    /** ArchUnit's own knows Maven's default folder only. */
    static final class WithoutTests implements ImportOption {

        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String ROOT = "io.pingagent.";

    /** The tool room, which every room may use. */
    private static final String TOOLS = "base";

    /** Package and the packages of ours it may use, beside itself. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        arrows.put(TOOLS, Set.of());
        arrows.put(
                "agent",
                Set.of(
                        "agent.catalogue",
                        "agent.control",
                        "agent.history",
                        "agent.report",
                        "agent.watch",
                        "config",
                        "control",
                        "icmp",
                        "imports",
                        "jobs",
                        "keyfile",
                        "model",
                        "probe",
                        "redis",
                        "redis.catalogue",
                        "redis.events",
                        "redis.writer",
                        "sys",
                        "trace",
                        "zabbix"));
        arrows.put("agent.catalogue", Set.of("dns", "jobs", "model", "probe", "redis", "redis.catalogue", "zabbix"));
        arrows.put(
                "agent.control",
                Set.of(
                        "agent.catalogue",
                        "agent.history",
                        "config",
                        "control",
                        "icmp",
                        "jobs",
                        "model",
                        "ping",
                        "probe",
                        "redis",
                        "redis.admin",
                        "redis.catalogue",
                        "redis.writer",
                        "zabbix"));
        arrows.put("agent.history", Set.of("model"));
        arrows.put(
                "agent.report",
                Set.of(
                        "agent.catalogue",
                        "config",
                        "icmp",
                        "model",
                        "probe",
                        "redis.events",
                        "redis.writer",
                        "zabbix"));
        arrows.put("agent.watch", Set.of("agent.report", "icmp", "model", "probe"));
        arrows.put("agent2", Set.of("control"));
        arrows.put(
                "app",
                Set.of(
                        "agent",
                        "app.demo",
                        "app.doctor",
                        "app.zabbix",
                        "config",
                        "imports",
                        "jobs",
                        "model",
                        "ping",
                        "probe",
                        "sys",
                        "trace",
                        "zabbix.api"));
        arrows.put("app.demo", Set.of("agent", "config", "model", "probe", "redis.admin"));
        arrows.put("app.doctor", Set.of("config", "icmp", "probe"));
        arrows.put(
                "app.zabbix",
                Set.of(
                        "agent",
                        "app.doctor",
                        "config",
                        "imports",
                        "keyfile",
                        "model",
                        "probe",
                        "redis.admin",
                        "zabbix",
                        "zabbix.api"));
        arrows.put(
                "cli",
                Set.of(
                        "app",
                        "app.demo",
                        "cli.doctor",
                        "cli.picture",
                        "cli.ping",
                        "cli.shell",
                        "cli.trace",
                        "cli.view",
                        "cli.zabbix",
                        "config",
                        "model",
                        "redis",
                        "redis.admin"));
        arrows.put(
                "cli.doctor",
                Set.of("app", "app.doctor", "cli.shell", "cli.view", "config", "model", "redis", "redis.admin"));
        arrows.put("cli.picture", Set.of("cli.shell", "config", "control", "model"));
        arrows.put("cli.ping", Set.of("app", "cli.shell", "cli.view", "model", "ping"));
        arrows.put("cli.shell", Set.of("app", "config", "model", "redis.admin"));
        arrows.put("cli.trace", Set.of("app", "cli.shell", "model", "redis.admin", "trace"));
        arrows.put("cli.view", Set.of("app", "cli.shell", "model", "redis", "redis.admin"));
        arrows.put(
                "cli.zabbix",
                Set.of(
                        "app",
                        "app.zabbix",
                        "cli.shell",
                        "cli.view",
                        "config",
                        "imports",
                        "model",
                        "redis",
                        "redis.admin",
                        "zabbix.api"));
        arrows.put(
                "config",
                Set.of(
                        "config.read",
                        "config.type",
                        "icmp",
                        "keyfile",
                        "model",
                        "probe",
                        "redis",
                        "trace",
                        "zabbix",
                        "zabbix.api"));
        arrows.put("config.read", Set.of("config.type", "model"));
        arrows.put("config.type", Set.of("jobs", "model", "redis", "zabbix.api"));
        arrows.put("control", Set.of("model"));
        arrows.put("dns", Set.of("model"));
        arrows.put("icmp", Set.of("sys"));
        arrows.put("imports", Set.of("config", "model", "redis", "redis.admin", "zabbix.api"));
        arrows.put("jobs", Set.of("model"));
        arrows.put("keyfile", Set.of());
        arrows.put("model", Set.of());
        arrows.put("ping", Set.of("icmp", "model", "probe"));
        arrows.put(
                "probe",
                Set.of("icmp", "model", "probe.queue", "probe.round", "probe.stamp", "probe.table", "probe.validity"));
        arrows.put("probe.queue", Set.of("probe.table"));
        arrows.put("probe.round", Set.of("model"));
        arrows.put("probe.stamp", Set.of("icmp", "model", "probe.table"));
        arrows.put("probe.table", Set.of("model"));
        arrows.put("probe.validity", Set.of("icmp", "probe.table"));
        arrows.put("redis", Set.of("keyfile", "model"));
        arrows.put("redis.admin", Set.of("model", "redis", "redis.catalogue"));
        arrows.put("redis.catalogue", Set.of("model", "redis"));
        arrows.put("redis.events", Set.of("model", "redis"));
        arrows.put("redis.writer", Set.of("model", "redis"));
        arrows.put("sys", Set.of());
        arrows.put("trace", Set.of("icmp", "model", "probe"));
        arrows.put(
                "zabbix",
                Set.of("keyfile", "model", "zabbix.buffer", "zabbix.delivery", "zabbix.sender", "zabbix.transport"));
        arrows.put("zabbix.api", Set.of("keyfile", "model"));
        arrows.put("zabbix.buffer", Set.of("model"));
        arrows.put("zabbix.delivery", Set.of("model", "zabbix.buffer", "zabbix.sender"));
        arrows.put("zabbix.sender", Set.of("model", "zabbix.transport"));
        arrows.put("zabbix.transport", Set.of("keyfile", "model"));
        return arrows;
    }

    /**
     * Sub-rooms that rooms of another house may enter, beside their own. Each is a front door of its own: what is behind it
     * could not be offered by its parent without a circle, as it stands on the parent's ground.
     */
    private static final Map<String, Set<String>> DOORS = Map.ofEntries(
            Map.entry("app.demo", Set.of("cli")),
            Map.entry("app.doctor", Set.of("cli.doctor")),
            Map.entry("app.zabbix", Set.of("cli.zabbix")),
            Map.entry(
                    "redis.admin",
                    Set.of(
                            "agent.control",
                            "app.demo",
                            "app.zabbix",
                            "cli",
                            "cli.doctor",
                            "cli.shell",
                            "cli.trace",
                            "cli.view",
                            "cli.zabbix",
                            "imports")),
            Map.entry("redis.catalogue", Set.of("agent", "agent.catalogue", "agent.control")),
            Map.entry("redis.events", Set.of("agent", "agent.report")),
            Map.entry("redis.writer", Set.of("agent", "agent.control", "agent.report")),
            Map.entry("zabbix.api", Set.of("app", "app.zabbix", "cli.zabbix", "config", "config.type", "imports")));

    /**
     * Packages of a library and the houses that may use them. JSON (gson) is read and written in several. Bouncy Castle has
     * two: it reads key files, which Redis needs as well as Zabbix, and speaks TLS with a pre-shared key.
     */
    private static final Map<String, List<String>> HOMES = Map.ofEntries(
            Map.entry("com.sun.jna..", List.of("sys")),
            Map.entry("redis.clients..", List.of("redis..")),
            Map.entry("org.quartz..", List.of("jobs")),
            Map.entry("picocli..", List.of("cli..")),
            Map.entry("org.snakeyaml..", List.of("config..")),
            Map.entry("inet.ipaddr..", List.of("model")),
            Map.entry("org.xbill..", List.of("dns")),
            Map.entry("io.github.hengyunabc..", List.of("zabbix.sender")),
            Map.entry("com.alibaba.fastjson..", List.of("zabbix.sender")),
            Map.entry("org.bouncycastle..", List.of("keyfile", "zabbix.transport")));

    @ArchTest
    static final ArchRule arrowsGoOneWay = allOf(ARROWS.entrySet().stream()
            .map(entry -> {
                List<String> allowed = new ArrayList<>();
                allowed.add(ROOT + entry.getKey());
                allowed.add(ROOT + TOOLS);
                entry.getValue().forEach(name -> allowed.add(ROOT + name));
                return noClasses()
                        .that()
                        .resideInAPackage(ROOT + entry.getKey())
                        .should()
                        .dependOnClassesThat(resideInAPackage("io.pingagent..")
                                .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new)))));
            })
            .toList());

    @ArchTest
    static final ArchRule eachLibraryHasOneHome = allOf(HOMES.entrySet().stream()
            .map(entry -> noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            entry.getValue().stream().map(ROOT::concat).toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(entry.getKey()))
            .toList());

    @ArchTest
    static void subRoomsAreEnteredFromTheirHouseOrByTheirDoor(JavaClasses all) {
        Map<String, Set<String>> strangers = new TreeMap<>();
        entries(all).forEach((room, users) -> {
            Set<String> fromOutside = new TreeSet<>(users);
            fromOutside.removeIf(user -> !room.contains(".") || house(user).equals(house(room)));
            if (!fromOutside.isEmpty()) {
                strangers.put(room, fromOutside);
            }
        });
        assertEquals(new TreeMap<>(DOORS), strangers, "who enters a sub-room of another house");
    }

    @ArchTest
    static void everyPackageSaysWhoEntersIt(JavaClasses all) throws IOException {
        Map<String, Set<String>> entries = entries(all);
        List<String> wrong = new ArrayList<>();
        for (String room : ARROWS.keySet()) {
            String text = Files.readString(
                            Path.of("src/main/java/io/pingagent", room.replace('.', '/'), "package-info.java"))
                    .replaceAll("\\n \\* ", " ");
            String sentence = room.equals(TOOLS)
                    ? "Entered by every room."
                    : entries.getOrDefault(room, Set.of()).stream()
                            .map(user -> "{@code " + user + "}")
                            .collect(Collectors.joining(", ", "Entered by ", "."));
            if (!text.contains(sentence.replace("by .", "by "))) {
                wrong.add(room + ": " + sentence);
            }
        }
        assertEquals(List.of(), wrong, "package-info.java must say this");
    }

    @ArchTest
    static void noArrowOfTheTableIsStale(JavaClasses all) {
        Map<String, Set<String>> entries = entries(all);
        List<String> stale = new ArrayList<>();
        ARROWS.forEach((room, used) -> used.stream()
                .filter(name -> !entries.getOrDefault(name, Set.of()).contains(room))
                .forEach(name -> stale.add(room + " -> " + name)));
        assertEquals(List.of(), stale, "arrows that the code no longer has");
    }

    /** Each room and the other rooms whose classes use it. */
    private static Map<String, Set<String>> entries(JavaClasses all) {
        Map<String, Set<String>> entries = new TreeMap<>();
        for (JavaClass user : all) {
            user.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getPackageName())
                    .filter(name -> name.startsWith(ROOT) && !name.equals(user.getPackageName()))
                    .forEach(name -> entries.computeIfAbsent(room(name), key -> new TreeSet<>())
                            .add(room(user.getPackageName())));
        }
        return entries;
    }

    private static String room(String packageName) {
        return packageName.substring(ROOT.length());
    }

    private static String house(String room) {
        return room.contains(".") ? room.substring(0, room.indexOf('.')) : room;
    }

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.pingagent.(**)").should().beFreeOfCycles();

    /** Everybody uses the model, so it drags in nothing. */
    @ArchTest
    static final ArchRule modelIsPlain = noClasses()
            .that()
            .resideInAPackage(ROOT + "model")
            .should()
            .dependOnClassesThat(DescribedPredicate.not(
                    resideInAnyPackage("java..", "org.jspecify..", "inet.ipaddr..", ROOT + "model", ROOT + TOOLS)
                            .or(describe("primitives and arrays", ArchitectureTest::isPrimitive))));

    private static final int MOST_PARTS = 7;

    /** Whoever reads a call of eight arguments counts them. */
    @ArchTest
    static void noConstructorTakesMoreThanSevenParts(JavaClasses all) {
        Set<String> wide = new TreeSet<>();
        for (JavaClass type : all) {
            boolean isOurs = !type.isEnum() && !type.isAnonymousClass() && !type.isInnerClass();
            boolean isWide = type.getConstructors().stream()
                    .filter(constructor -> !constructor.getModifiers().contains(JavaModifier.SYNTHETIC))
                    .anyMatch(constructor -> constructor.getRawParameterTypes().size() > MOST_PARTS);
            if (isOurs && isWide) {
                wide.add(type.getName().substring(ROOT.length()));
            }
        }
        assertEquals(Set.of(), wide, "classes with constructors of more than seven parts");
    }

    @ArchTest
    static final ArchRule onlyCommandsWriteToTheTerminal = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "cli..")
            .should(ACCESS_STANDARD_STREAMS)
            .because("the agent logs; what a command prints is the command's business");

    @ArchTest
    static final ArchRule oneLogger = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..")
            .because("we log with log4j-api");

    @ArchTest
    static void everyPackageHasARule(JavaClasses all) {
        Set<String> packages =
                all.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        packages.removeIf(name -> ARROWS.containsKey(name.substring(Math.min(name.length(), ROOT.length()))));
        assertEquals(Set.of(), packages, "packages that the design does not know");
    }

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .that()
            .haveSimpleName("package-info")
            .should()
            .beAnnotatedWith("org.jspecify.annotations.NullMarked");

    /** A mistyped package name would make all of the above hold. */
    @Test
    void theArrowsNameOnlyKnownPackagesAndHaveNoCycle() {
        for (Map.Entry<String, Set<String>> entry : ARROWS.entrySet()) {
            assertTrue(ARROWS.keySet().containsAll(entry.getValue()), entry.toString());
            for (String used : entry.getValue()) {
                assertTrue(!ARROWS.get(used).contains(entry.getKey()), used + " and " + entry.getKey());
            }
        }
    }

    private static ArchRule allOf(List<? extends ArchRule> rules) {
        return CompositeArchRule.of(List.copyOf(rules));
    }

    private static boolean isPrimitive(JavaClass type) {
        return type.isPrimitive() || type.isArray();
    }
}
