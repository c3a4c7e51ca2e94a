package io.pingagent.app;

import java.lang.reflect.Proxy;

/** Hears signals. Stateless, any thread; a handler runs on a thread of its own. */
public final class Signals {

    private Signals() {}

    /**
     * By reflection, because the compiler lets nobody name the one class of the JDK that hears signals without a warning.
     *
     * @param name without {@code SIG}: {@code HUP}
     * @return whether it is heard; not where the process was started with the signal ignored, or by a Java without it
     */
    public static boolean handle(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                handler.run();
                                yield null;
                            }
                            // Java keeps handlers in a map and compares them.
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "handler of SIG" + name;
                        };
                    });
            Object ignored = handlerType.getField("SIG_IGN").get(null);
            Object before = signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            return before != ignored;
        } catch (ReflectiveOperationException e) {
            // Also around an IllegalArgumentException: with -Xrs, Java leaves this signal to the system.
            return false;
        }
    }
}
