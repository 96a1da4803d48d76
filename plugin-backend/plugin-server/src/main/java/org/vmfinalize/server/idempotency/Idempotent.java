package org.vmfinalize.server.idempotency;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a controller method that takes the header `Idempotency-Key`. Its answers are kept, so they must hold no secret.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Idempotent {

    /// What the header's value must match.
    String KEY = "[\\x21-\\x7e]{1,128}";
}
