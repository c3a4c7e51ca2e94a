package io.pingagent;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;

/** Small classes that keep or break one rule of {@link Ownership} each. */
final class OwnershipFixtures {

    private OwnershipFixtures() {}

    @OwnedBy("ping-recv")
    static class Window {

        int size;
        volatile int published;

        void add() {
            size++;
        }

        @AnyThread
        int published() {
            return published;
        }

        @OwnedBy("ping-send")
        void fromSender() {}

        static int ofBytes(int bytes) {
            return bytes / 8;
        }

        /** Owned as the class around it. */
        static final class Part {
            void grow() {}
        }

        /** Immutable, so not owned with the class around it. */
        record Value(int size) {}
    }

    @OwnedBy("ping-send")
    static class AllowedCalls {

        int call(Window window, Helper helper, Window.Value value, Shared shared) {
            window.fromSender();
            window.published = Window.ofBytes(1);
            helper.harmless(window);
            shared.harmless();
            Runnable lambda = () -> window.add();
            Runnable reference = window::add;
            return window.published() + value.size() + lambda.hashCode() + reference.hashCode();
        }

        AllowedCalls(Window window) {
            window.add();
        }
    }

    @OwnedBy("ping-send")
    static class DirectCall {
        void call(Window window) {
            window.add();
        }
    }

    @AnyThread
    static class AnyThreadCall {
        void call(Window window) {
            window.add();
        }
    }

    @AnyThread
    static class AnyThreadStaticCall {
        static void call(Window window) {
            window.add();
        }
    }

    @OwnedBy("ping-send")
    static class NestedCall {
        void call(Window.Part part) {
            part.grow();
        }
    }

    static class Helper {

        int harmless(Window window) {
            return window.published();
        }

        void first(Window window) {
            second(window);
        }

        private static void second(Window window) {
            window.add();
        }
    }

    static class CallByHelpers {
        @OwnedBy("ping-send")
        void call(Helper helper, Window window) {
            helper.first(window);
        }
    }

    @OwnedBy("caller")
    static class Shared {

        void harmless() {}

        void through(Window window) {
            window.add();
        }
    }

    @OwnedBy("ping-send")
    static class CallThroughCaller {
        void call(Shared shared, Window window) {
            shared.through(window);
        }
    }

    interface Port {
        void event();
    }

    static class Behind implements Port {
        @Override
        @OwnedBy("ping-recv")
        public void event() {}
    }

    @OwnedBy("ping-send")
    static class CallBehindPort {
        void call(Port port) {
            port.event();
        }
    }

    @OwnedBy("ping-send")
    static class Write {
        void write(Window window) {
            window.size = 1;
        }
    }

    static class OwnedField {

        @OwnedBy("ping-recv")
        volatile int cycles;

        @AnyThread
        void write() {
            cycles = 1;
        }
    }

    interface OwnedPort {
        @OwnedBy("ping-recv")
        void event();
    }

    static class InheritedOwner implements OwnedPort {

        /** Owned as what it overrides. */
        @Override
        public void event() {}
    }

    @OwnedBy("ping-send")
    static class CallOfInheritedOwner {
        void call(InheritedOwner inherited) {
            inherited.event();
        }
    }

    @OwnedBy("ping-send")
    static class Contradiction implements OwnedPort {
        @Override
        public void event() {}
    }
}
