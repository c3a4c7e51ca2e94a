package io.pingagent;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The call graph of some classes, held against {@link OwnedBy} and {@link AnyThread}.
 *
 * <p>The owner of a method is:
 *
 * <ul>
 *   <li>its own annotation;
 *   <li>else that of its class, or of the class around that one; a static method belongs to no single thread, and records,
 *       enums and interfaces inside an owned class are not owned with it;
 *   <li>else that of a method which it overrides.
 * </ul>
 *
 * <p>A walk follows the calls of each owned method through methods without an owner, and into all that override these. It
 * leaves out constructors, lambdas and method references, which may run elsewhere. {@code caller} is transparent: calls into
 * it are allowed, and the walk goes through it.
 */
final class Ownership {

    /** Owner of methods for which {@link AnyThread} holds. */
    static final String ANY = "any thread";

    /** Owner of what one thread at a time uses, whichever made it. */
    static final String CALLER = "caller";

    /** Who makes an object that nobody else knows yet: what is called on the way is no trespass. */
    static final String MAKER = "maker";

    private final JavaClasses classes;
    private final Map<JavaMethod, Optional<String>> owners = new HashMap<>();

    Ownership(JavaClasses classes) {
        this.classes = classes;
    }

    /** All owners that some class, method or field names. */
    Set<String> owners() {
        Set<String> names = new TreeSet<>();
        for (JavaClass type : classes) {
            Stream.concat(Stream.of(type), type.getMembers().stream())
                    .map(Ownership::annotated)
                    .flatMap(Optional::stream)
                    .forEach(names::add);
        }
        return names;
    }

    /** Calls and writes by which a thread enters what belongs to another, each with its path; sorted. */
    List<String> trespasses() {
        Set<String> starts = owners();
        starts.removeAll(Set.of(CALLER, MAKER));
        Set<String> found = new TreeSet<>();
        starts.forEach(thread -> found.addAll(new Walk(thread).trespasses()));
        return List.copyOf(found);
    }

    /** Methods whose owner is another than that of a method which they override; sorted. */
    List<String> contradictions() {
        Set<String> found = new TreeSet<>();
        methods()
                .forEach(method -> owner(method)
                        .filter(own -> !own.equals(ANY) && !own.equals(CALLER))
                        .ifPresent(own -> overridden(method)
                                .filter(above -> owner(above)
                                        .filter(other -> !other.equals(own) && !other.equals(CALLER))
                                        .isPresent())
                                .forEach(above -> found.add(name(method) + " of " + own + " overrides " + name(above)
                                        + " of " + owner(above).orElseThrow()))));
        return List.copyOf(found);
    }

    private Stream<JavaMethod> methods() {
        return classes.stream().flatMap(type -> type.getMethods().stream());
    }

    private Optional<String> owner(JavaMethod method) {
        Optional<String> known = owners.get(method);
        if (known == null) {
            known = ownerOf(method);
            owners.put(method, known);
        }
        return known;
    }

    private Optional<String> ownerOf(JavaMethod method) {
        Optional<String> own = annotated(method);
        if (own.isPresent()) {
            return own;
        }
        if (isStatic(method)) {
            return ownerOf(method.getOwner()).filter(ANY::equals);
        }
        return ownerOf(method.getOwner())
                .or(() -> overridden(method)
                        .map(this::owner)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private static Optional<String> ownerOf(JavaClass type) {
        Optional<String> own = annotated(type);
        boolean standsAlone = type.isRecord() || type.isEnum() || type.isInterface();
        if (own.isPresent() || standsAlone) {
            return own;
        }
        return type.getEnclosingClass().flatMap(Ownership::ownerOf);
    }

    private static Optional<String> ownerOf(JavaField field) {
        Optional<String> own = annotated(field);
        if (own.isPresent()) {
            return own;
        }
        boolean safe = field.getModifiers().contains(JavaModifier.VOLATILE) || isStatic(field);
        return safe ? Optional.empty() : ownerOf(field.getOwner());
    }

    private static Optional<String> annotated(CanBeAnnotated place) {
        if (place.isAnnotatedWith(AnyThread.class)) {
            return Optional.of(ANY);
        }
        Collection<? extends JavaAnnotation<?>> annotations =
                place instanceof JavaClass type ? type.getAnnotations() : ((JavaMember) place).getAnnotations();
        return annotations.stream()
                .filter(annotation -> annotation.getRawType().isEquivalentTo(OwnedBy.class))
                .map(annotation -> (String) annotation.get("value").orElseThrow())
                .findFirst();
    }

    private static Stream<JavaMethod> overridden(JavaMethod method) {
        if (isStatic(method) || method.getModifiers().contains(JavaModifier.PRIVATE)) {
            return Stream.empty();
        }
        JavaClass type = method.getOwner();
        return Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                .flatMap(above -> sameMethod(above, method));
    }

    private static Stream<JavaMethod> overriding(JavaMethod method) {
        // A Runnable of the JDK may be any of ours: that says nothing about who is called.
        boolean isForeign = !method.getOwner().getPackageName().startsWith("io.pingagent");
        if (isForeign || isStatic(method) || method.getModifiers().contains(JavaModifier.PRIVATE)) {
            return Stream.empty();
        }
        return method.getOwner().getAllSubclasses().stream().flatMap(below -> sameMethod(below, method));
    }

    private static Stream<JavaMethod> sameMethod(JavaClass type, JavaMethod method) {
        String[] parameters =
                method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
        return type.tryGetMethod(method.getName(), parameters).stream();
    }

    private static boolean isStatic(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.STATIC);
    }

    private static String name(JavaMember member) {
        String type = member.getOwner().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + member.getName();
    }

    /** From all that belongs to one thread along its calls. */
    private final class Walk {

        private final String thread;
        private final Map<JavaMethod, @Nullable JavaMethod> reachedFrom = new HashMap<>();
        private final Deque<JavaMethod> open = new ArrayDeque<>();
        private final Set<String> found = new TreeSet<>();

        Walk(String thread) {
            this.thread = thread;
        }

        Set<String> trespasses() {
            methods()
                    .filter(method -> owner(method).filter(thread::equals).isPresent())
                    .forEach(method -> visit(method, null));
            while (!open.isEmpty()) {
                JavaMethod method = open.remove();
                method.getMethodCallsFromSelf().stream()
                        .filter(call -> !call.isDeclaredInLambda())
                        .forEach(call -> follow(method, call));
                method.getFieldAccesses().stream()
                        .filter(access -> !access.isDeclaredInLambda())
                        .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.SET)
                        .forEach(write -> check(method, write));
            }
            return found;
        }

        private void visit(JavaMethod method, @Nullable JavaMethod from) {
            if (!reachedFrom.containsKey(method)) {
                reachedFrom.put(method, from);
                open.add(method);
            }
        }

        private void follow(JavaMethod from, JavaMethodCall call) {
            call.getTarget().resolveMember().ifPresent(target -> enter(from, target, call.getLineNumber()));
        }

        private void enter(JavaMethod from, JavaMethod target, int line) {
            Optional<String> owner = owner(target);
            if (owner.isEmpty()) {
                visit(target, from);
                overriding(target).forEach(actual -> enter(from, actual, line));
            } else if (owner.get().equals(MAKER)) {
                return;
            } else if (owner.get().equals(CALLER)) {
                visit(target, from);
            } else if (!owner.get().equals(ANY) && !owner.get().equals(thread)) {
                found.add(thread + ": " + path(from) + " calls " + name(target) + " of " + owner.get() + " in line "
                        + line);
            }
        }

        private void check(JavaMethod from, JavaFieldAccess write) {
            write.getTarget()
                    .resolveMember()
                    .ifPresent(field -> ownerOf(field)
                            .filter(owner -> !owner.equals(thread) && !owner.equals(ANY) && !owner.equals(CALLER))
                            .ifPresent(owner -> found.add(thread + ": " + path(from) + " writes " + name(field) + " of "
                                    + owner + " in line " + write.getLineNumber())));
        }

        private String path(JavaMethod end) {
            StringBuilder path = new StringBuilder(name(end));
            for (JavaMethod from = reachedFrom.get(end); from != null; from = reachedFrom.get(from)) {
                path.insert(0, name(from) + " > ");
            }
            return path.toString();
        }
    }
}
