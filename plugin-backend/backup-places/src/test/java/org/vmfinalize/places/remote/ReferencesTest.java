package org.vmfinalize.places.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.FormatException;

class ReferencesTest {

    private static References of(String top, String... allowed) {
        return References.around(top, List.of(allowed), _ -> true);
    }

    @ParameterizedTest
    @CsvSource({"vm/top, base, vm/base", "vm/top, sub/base, vm/sub/base", "vm/sub/mid, ../base, vm/base",
            "vm/top, ./a//b, vm/a/b", "vm/top, /vm/base, vm/base", "vm/top, ../full/base, full/base",
            "vm/top, /full/x/base, full/x/base", "full/x/mid, ../base, full/base",
            "full/mid, ../vm/top, vm/top"})
    void resolvesAgainstTheFileThatRefers(String referrer, String reference, String path)
            throws FormatException {
        assertThat(of("vm/top", "full/").resolve("x", referrer, reference)).isEqualTo(path);
    }

    @Test
    void theFolderOfATopWithoutOneIsAll() throws FormatException {
        assertThat(of("top").resolve("x", "top", "base")).isEqualTo("base");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/passwd", "sub/../../secret", "../../../x", "", ".", "..",
            "nbd://h/x", "http://h/full/base", "json:{}", "file:x", "file:///full/base", "a\nb", "../vm",
            "../vmx/y", "../fuller/base", "../full", "../full/", "/full/../secret", "..\\full\\base"})
    void refusesWhatLeadsOutOfTheFolderAndTheAllowedOnes(String reference) {
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> of("vm/top", "full/").resolve(
                "nbd://h/vm/top", "vm/top", reference)).withMessageStartingWith(
                        "nbd://h/vm/top: the image refers to '")
                .withMessageEndingWith("or in one of the place's allowed-references")
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("\n"));
    }

    @Test
    void aPlaceOfOneFileHoldsNoneBesideIt() throws FormatException {
        var references = References.around("vm/top", List.of("full/"), "vm/top"::equals);

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> references.resolve("x", "vm/top", "base"))
                .withMessageContaining("lies outside");
        assertThat(references.resolve("x", "vm/top", "/full/base")).isEqualTo("full/base");
    }
}
