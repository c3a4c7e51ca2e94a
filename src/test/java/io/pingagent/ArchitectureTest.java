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
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The packages and who may use whom, as in the design: the arrows go one way, and each library has one home.
 *
 * <p>The rules allow empty packages ({@code allowEmptyShould}) because they name all packages of the design, also those that
 * come later; {@link #everyPackageHasARule} fails for a package that no rule names.
 */
@AnalyzeClasses(packages = "io.pingagent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.pingagent.";

    /** Package and the packages of ours it may use, beside itself. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        arrows.put("model", Set.of());
        arrows.put("model.ip", Set.of("model"));
        arrows.put("keyfile", Set.of());
        arrows.put("icmp.sys", Set.of());
        arrows.put("icmp", Set.of("icmp.sys"));
        arrows.put("probe", Set.of("icmp", "model"));
        arrows.put("jobs", Set.of("model"));
        arrows.put("redis", Set.of("model", "model.ip", "keyfile"));
        arrows.put("zabbix", Set.of("model", "model.ip", "keyfile"));
        arrows.put("control", Set.of("model", "model.ip"));
        arrows.put("agent2", Set.of("control"));
        arrows.put("zabbix.api", Set.of("model", "model.ip", "keyfile"));
        arrows.put("config", Set.of("model", "model.ip", "keyfile"));
        arrows.put(
                "app",
                Set.of(
                        "model",
                        "model.ip",
                        "icmp.sys",
                        "icmp",
                        "probe",
                        "jobs",
                        "redis",
                        "zabbix",
                        "zabbix.api",
                        "config",
                        "control",
                        "keyfile"));
        arrows.put("cli", Set.of("model", "model.ip", "redis", "config", "app"));
        return arrows;
    }

    /** Packages of a library and the one package of ours that may use them. JSON (gson) is read and written in several. */
    private static final Map<String, String> HOMES = Map.ofEntries(
            Map.entry("com.sun.jna..", "icmp.sys"),
            Map.entry("redis.clients..", "redis"),
            Map.entry("org.quartz..", "jobs"),
            Map.entry("picocli..", "cli"),
            Map.entry("org.snakeyaml..", "config"),
            Map.entry("inet.ipaddr..", "model.ip"),
            Map.entry("io.github.hengyunabc..", "zabbix"),
            Map.entry("com.alibaba.fastjson..", "zabbix"),
            Map.entry("com.alibaba.fastjson2..", "zabbix"),
            Map.entry("org.bouncycastle..", "zabbix"));

    @ArchTest
    static final ArchRule arrowsGoOneWay = allOf(ARROWS.entrySet().stream()
            .map(entry -> {
                List<String> allowed = new ArrayList<>();
                allowed.add(ROOT + entry.getKey());
                entry.getValue().forEach(name -> allowed.add(ROOT + name));
                return noClasses()
                        .that()
                        .resideInAPackage(ROOT + entry.getKey())
                        .should()
                        .dependOnClassesThat(resideInAPackage("io.pingagent..")
                                .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                        .allowEmptyShould(true);
            })
            .toList());

    @ArchTest
    static final ArchRule eachLibraryHasOneHome = allOf(HOMES.entrySet().stream()
            .map(entry -> noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + entry.getValue())
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(entry.getKey()))
            .toList());

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.pingagent.(**)").should().beFreeOfCycles();

    /** Everybody uses the model, so it drags in nothing. */
    @ArchTest
    static final ArchRule modelIsPlain = noClasses()
            .that()
            .resideInAPackage(ROOT + "model")
            .should()
            .dependOnClassesThat(DescribedPredicate.not(resideInAnyPackage("java..", "org.jspecify..", ROOT + "model")
                    .or(describe("primitives and arrays", ArchitectureTest::isPrimitive))));

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
        assertTrue(ARROWS.keySet().containsAll(HOMES.values()));
    }

    private static ArchRule allOf(List<? extends ArchRule> rules) {
        return CompositeArchRule.of(List.copyOf(rules));
    }

    private static boolean isPrimitive(JavaClass type) {
        return type.isPrimitive() || type.isArray();
    }
}
