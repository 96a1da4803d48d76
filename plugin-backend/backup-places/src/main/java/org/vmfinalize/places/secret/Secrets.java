package org.vmfinalize.places.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where the credentials for a place are: in a file, in environment variables, or nowhere.
///
/// A file has a line `KEY=VALUE` for each; empty lines and lines that begin with `#` do not count. A variable's name is the
/// prefix, `_`, and the key in capitals with `_` for `-`: with the prefix `AWS` they are those of Amazon's tools.
///
/// **Threads:** any number. It is read anew at each use, so that what was renewed is taken.
///
/// @param file   the file; then the environment is not looked at
/// @param prefix of the names of the variables
public record Secrets(Optional<Path> file, Optional<String> prefix) {

    public static final String USER = "user";
    public static final String PASSWORD = "password";
    public static final String TOKEN = "token";
    public static final String ACCESS_KEY_ID = "access-key-id";
    public static final String SECRET_ACCESS_KEY = "secret-access-key";
    public static final String SESSION_TOKEN = "session-token";

    private static final List<String> KEYS = List.of(USER, PASSWORD, TOKEN, ACCESS_KEY_ID, SECRET_ACCESS_KEY,
            SESSION_TOKEN);
    private static final long MAX_BYTES = 64 << 10;

    public static Secrets none() {
        return new Secrets(Optional.empty(), Optional.empty());
    }

    /// What is set now.
    ///
    /// @throws IOException if the file cannot be read or holds something else; the message shows no value
    public Map<String, String> read() throws IOException {
        return file.isPresent() ? fromFile(file.get()) : fromEnvironment(System.getenv());
    }

    Map<String, String> fromEnvironment(Map<String, String> environment) {
        var found = new HashMap<String, String>();
        if (prefix.isPresent()) {
            for (var key : KEYS) {
                String name = prefix.get() + "_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
                String value = environment.get(name);
                if (value != null && !value.isEmpty()) {
                    found.put(key, value);
                }
            }
        }
        return found;
    }

    private static Map<String, String> fromFile(Path file) throws IOException {
        List<String> lines;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("is longer than %d bytes".formatted(MAX_BYTES));
            }
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new IOException(
                    "credentials file %s: must be a readable text file but is not: %s".formatted(
                            file, e.getMessage()),
                    e);
        }
        var found = new HashMap<String, String>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? "" : line.substring(0, equals).strip();
            if (!KEYS.contains(key)) {
                throw new IOException("credentials file %s: line %d must be KEY=VALUE with one of the keys %s"
                        .formatted(file, i + 1, String.join(", ", KEYS)));
            }
            found.put(key, line.substring(equals + 1).strip());
        }
        return found;
    }
}
