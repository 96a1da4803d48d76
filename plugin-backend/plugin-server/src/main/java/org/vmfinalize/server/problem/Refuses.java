package org.vmfinalize.server.problem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The problems that a controller's method may answer, besides those that follow from its parameters and from its needing
/// a session. They are described to clients; the tests of the API hold every answer against it.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Refuses {

    /// All of them.
    ProblemType[] value();
}
