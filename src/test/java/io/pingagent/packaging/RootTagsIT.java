package io.pingagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.pingagent.testkit.Requires;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code mvn verify -DexcludedGroups=root} runs all that needs no root: the tags say so of each test. */
@Order(1)
class RootTagsIT {

    private static final String ROOT = "root";

    /** What only root may have, of {@link Requires}. */
    private static final Set<String> RIGHTS =
            Set.of("root", "rawSockets", "rawSocketsV6", "networkNamespaces", "tun", "nft");

    @Test
    void testsThatMayAskForRootAreTaggedAndNoOthers() {
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(location -> location.contains("/test-classes/"))
                .importPackages("io.pingagent");
        Set<JavaCodeUnit> asking = askingForRoot(tests);
        assertTrue(asking.size() > RIGHTS.size(), "nobody asks for " + RIGHTS);
        Set<String> needed = new TreeSet<>();
        Set<String> tagged = new TreeSet<>();
        for (JavaClass each : tests) {
            if (!each.getSimpleName().endsWith("IT")) {
                continue;
            }
            if (isTagged(each)) {
                tagged.add(each.getSimpleName());
            }
            if (Stream.concat(each.getAllMethods().stream(), each.getAllConstructors().stream())
                    .anyMatch(unit -> asking.contains(unit) && !isTagged(unit))) {
                needed.add(each.getSimpleName());
            }
        }
        assertEquals(needed, tagged, "classes with @Tag(\"root\")");
    }

    private static boolean isTagged(HasAnnotations<?> thing) {
        return thing.isAnnotatedWith(Tag.class)
                && thing.getAnnotationOfType(Tag.class).value().equals(ROOT);
    }

    /** All code that calls {@link #RIGHTS}, or calls what does. */
    private static Set<JavaCodeUnit> askingForRoot(JavaClasses tests) {
        Deque<JavaCodeUnit> open = new ArrayDeque<>(tests.get(Requires.class).getMethods().stream()
                .filter(method -> RIGHTS.contains(method.getName()))
                .toList());
        Set<JavaCodeUnit> asking = new HashSet<>(open);
        while (!open.isEmpty()) {
            JavaCodeUnit called = open.pop();
            Stream<JavaCodeUnit> callers = called.getAccessesToSelf().stream().map(JavaAccess::getOrigin);
            Stream.concat(callers, overridden(called)).filter(asking::add).forEach(open::push);
        }
        return asking;
    }

    private static Stream<JavaCodeUnit> overridden(JavaCodeUnit method) {
        return method.getOwner().getAllRawSuperclasses().stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(above -> !method.isConstructor()
                        && above.getName().equals(method.getName())
                        && above.getRawParameterTypes().equals(method.getRawParameterTypes()))
                .map(above -> above);
    }
}
