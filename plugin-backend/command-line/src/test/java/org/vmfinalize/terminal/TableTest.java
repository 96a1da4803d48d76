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

    @Test
    void amountsStandAtTheRight() {
        var table = new Table("NAME", "SIZE").row("web-01", "512 MiB").row("db-01", "4.0 GiB").row("x", "-");

        assertThat(table.text(false).lines()).containsExactly("NAME       SIZE", "web-01  512 MiB",
                "db-01   4.0 GiB", "x             -");
    }

    @Test
    void statesHaveColoursOnlyWhereTheyAreWanted() {
        var table = new Table("STATE", "ID").row("failed", "1").row("completed", "2");

        assertThat(table.text(true)).contains("\u001b[31mfailed\u001b[0m      1",
                "\u001b[32mcompleted\u001b[0m   2");
        assertThat(table.text(false)).doesNotContain("\u001b");
    }
}
