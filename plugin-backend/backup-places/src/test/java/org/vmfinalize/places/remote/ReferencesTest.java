package org.vmfinalize.places.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.FormatException;

class ReferencesTest {

    @ParameterizedTest
    @CsvSource({"vm/top, base, vm/base", "vm/top, sub/base, vm/sub/base", "vm/sub/mid, ../base, vm/base",
            "vm/top, ./a//b, vm/a/b", "vm/top, /vm/base, vm/base"})
    void resolvesAgainstTheFileThatRefers(String referrer, String reference, String path)
            throws FormatException {
        assertThat(References.around("vm/top").resolve("x", referrer, reference)).isEqualTo(path);
    }

    @Test
    void theFolderOfATopWithoutOneIsAll() throws FormatException {
        assertThat(References.around("top").resolve("x", "top", "base")).isEqualTo("base");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/passwd", "sub/../../secret", "../../../x", "", ".", "..",
            "nbd://h/x",
            "json:{}", "file:x", "a\nb", "../vm", "../vmx/y"})
    void refusesWhatLeadsOutOfTheFolder(String reference) {
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> References.around("vm/top").resolve(
                "nbd://h/vm/top", "vm/top", reference)).withMessageStartingWith(
                        "nbd://h/vm/top: the image refers to '")
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("\n"));
    }
}
