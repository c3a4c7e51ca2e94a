package io.pingagent.base;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Only this thread calls the methods and touches the fields, once the object is made. Constructors are left out: they run
 * before the thread starts. A method of its own {@code OwnedBy} or {@link AnyThread} is an exception to that of its class.
 *
 * <p>A test holds this against the call graph.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD})
public @interface OwnedBy {

    /**
     * The thread's name, as in {@code ping-recv}.
     *
     * <p>{@code caller}: one thread at a time, whichever it is. {@code maker}: the method makes an object that no other
     * thread knows yet, so it may call what a thread will own later.
     */
    String value();
}
