package org.vmfinalize.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aBarIsDrawnOverTheOneBeforeAndIsGoneBeforeTheNextLine() {
        var terminal = new Terminal(out, true);

        terminal.progress("hydrating", 1 << 20, 2 << 20, "10 MiB/s");
        terminal.progress("hydrating", 2 << 20, 2 << 20, "");
        terminal.say("done");

        var parts = shown().split("\r", -1);
        assertThat(parts[1]).isEqualTo(
                "\u001b[?7lhydrating [█████·····]  50 %  1 of 2 MiB  10 MiB/s\u001b[K\u001b[?7h");
        assertThat(parts[2])
                .isEqualTo("\u001b[?7lhydrating [██████████] 100 %  2 of 2 MiB\u001b[K\u001b[?7h");
        assertThat(parts[3]).isEqualTo("\u001b[Kdone\n");
    }

    @Test
    void withoutATerminalThereAreLinesAndNotOneForEachStep() {
        var terminal = new Terminal(out, false);

        for (int i = 0; i < 100; i++) {
            terminal.progress("hydrating", i << 20, 100 << 20, "");
        }

        assertThat(shown()).doesNotContain("\r", "[").startsWith("hydrating   0 %  0 of 100 MiB\n");
        assertThat(shown().lines().count()).isLessThan(10);
    }

    @Test
    void whatComesFromElsewhereCannotSteerTheTerminal() {
        var terminal = new Terminal(out, false);

        terminal.say("finalized a\u001b[2Jb\u202ec");
        terminal.progress("hydrating", 1, 1, "waits for \u009b2J");

        assertThat(shown().lines()).containsExactly("finalized a?[2Jb?c",
                "hydrating 100 %  0 of 0 MiB  waits for ?2J");
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
