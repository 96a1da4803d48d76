package org.vmfinalize.places.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    Path folder;

    @Test
    void readsAFile() throws IOException {
        var file = Files.writeString(folder.resolve("f"), "# mine\n\nuser = bob \npassword=a=b\\c#d\n");

        assertThat(new Secrets(Optional.of(file), Optional.empty()).read()).isEqualTo(Map.of("user", "bob",
                "password", "a=b\\c#d"));
    }

    @Test
    void readsVariablesByTheirPrefix() {
        var secrets = new Secrets(Optional.empty(), Optional.of("AWS"));

        assertThat(secrets.fromEnvironment(Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "key",
                "AWS_SESSION_TOKEN", "", "OTHER_TOKEN", "x"))).isEqualTo(Map.of("access-key-id", "id",
                        "secret-access-key", "key"));
    }

    @Test
    void showsNoValueInAMessage() throws IOException {
        var file = Files.writeString(folder.resolve("f"), "passwort=geheim");

        assertThatIOException().isThrownBy(() -> new Secrets(Optional.of(file), Optional.empty()).read())
                .withMessageContaining("line 1 must be KEY=VALUE").satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("geheim"));
        assertThatIOException().isThrownBy(() -> new Secrets(Optional.of(folder.resolve("none")), Optional
                .empty()).read()).withMessageContaining("must be a readable text file");
    }
}
