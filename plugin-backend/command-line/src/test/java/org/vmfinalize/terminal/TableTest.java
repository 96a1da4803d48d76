package org.vmfinalize.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table = new Table("NAME", "ID").row("shop-01", "vm-51").row("db", "vm-7");

        assertThat(table.text(false).lines()).containsExactly("NAME     ID", "shop-01  vm-51",
                "db       vm-7");
    }

    @Test
    void aNameCannotSteerTheTerminal() {
        assertThat(new Table("NAME").row("\u001b[2Jgone\n").text(false)).endsWith("?[2Jgone?");
    }
}
