package org.vmfinalize.server.openapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/// What people read of the API's operations, parameters and fields: those lines of `texts.properties` that the code itself
/// cannot tell.
///
/// **Threads:** one.
final class Texts {

    private static final String FILE = "texts.properties";

    private final Properties lines = new Properties();

    Texts() {
        try (var in = Texts.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + ": must be in the jar but is not");
            }
            lines.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What an operation does, in few words.
    Optional<String> summary(String operationId) {
        return first(operationId);
    }

    /// The same, in as many words as it needs.
    Optional<String> description(String operationId) {
        return first(operationId + ".more");
    }

    /// A parameter of an operation, be it told of that one, of all of its controller, or of all parameters of the name.
    ///
    /// @param of what has it: an operation's id, or the name of a record that several operations take
    Optional<String> parameter(String of, String name) {
        return first(of + "." + name, of.replaceFirst("\\..*", "") + "." + name, "parameter." + name);
    }

    /// A field of a schema.
    ///
    /// @param schema such as `PageOfInstantVmView`
    /// @param type the record that the schema is made of, such as `Page`
    Optional<String> field(String schema, String type, String name) {
        return first(schema + "." + name, type + "." + name, "field." + name);
    }

    private Optional<String> first(String... keys) {
        return Arrays.stream(keys).map(lines::getProperty).filter(Objects::nonNull).findFirst()
                .map(String::strip);
    }
}
