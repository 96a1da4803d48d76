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
    void aNameCannotTurnTheTerminalsDirection() {
        assertThat(new Table("NAME").row("a\u202eb\u009b2Jc\ud800").text(false)).endsWith("a?b?2Jc?");
    }

    @Test
    void charactersOfTwoColumnsAreCountedAsTwo() {
        var table = new Table("NAME", "ID").row("财务系统", "vm-51").row("Bu\u0308ro", "vm-7").row("🚀x", "vm-8")
                .row("ﾃｽﾄ", "vm-9");

        assertThat(table.text(false).lines()).containsExactly("NAME      ID", "财务系统  vm-51",
                "Bu\u0308ro      vm-7", "🚀x       vm-8", "ﾃｽﾄ       vm-9");
    }

    @Test
    void noCharacterOfTwoColumnsIsCutInTwo() {
        var table = new Table("STATE", "VM", "BACKUP").row("paused", "財務システム🚀", "/備份/财务/月曜日.qcow2");

        assertThat(table.text(false, 26).lines().toList().getLast()).isEqualTo("paused  財務シ…   ….qcow2");
        assertThat(table.text(false, 28).lines().toList().getLast())
                .isEqualTo("paused  財務シス…  …日.qcow2");
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

    @Test
    void textsGiveWayToTheWidthBeforeIdsAndNamesDo() {
        var table = new Table("NAME", "ID", "SIZE", "BACKUP").row("a-long-name-01", "vm-51-vm-51-vm",
                "512 MiB",
                "/backups/web-01/monday.qcow2");

        assertThat(table.text(false, 55).lines()).containsExactly(
                "NAME            ID                 SIZE  BACKUP",
                "a-long-name-01  vm-51-vm-51-vm  512 MiB  …/monday.qcow2");
        assertThat(table.text(true, 45).lines().toList().getLast())
                .isEqualTo("a-long-name-01  vm-51-vm…  512 MiB  …ay.qcow2");
        assertThat(table.text(false, 30)).contains("a-lon…").contains("512 MiB");
        assertThat(table.text(false)).contains("/backups/web-01/monday.qcow2");
    }

    @Test
    void noTableOfColumnsThatCanBeCutIsWiderThanItsTerminal() {
        var table = new Table("VM", "ID", "STATE", "DONE", "OF", "STARTED", "REASON").row("shop-01",
                "0cc0a6a4-30ed-44b8-9d6e-0f3ea7a1d0b9", "completed", "100 %", "1.0 GiB",
                "2026-11-26T06:55:02Z",
                "the backup cannot be read now: it is away");

        for (int width : new int[]{70, 80, 100, 120, 200}) {
            assertThat(table.text(false, width).lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width)
                            .contains(line.startsWith("VM") ? "STATE" : "completed"));
        }
    }

    @Test
    void whatIsSaidInPlaceOfAnEmptyTable() {
        var table = new Table("NAME").orSay("there is none");

        assertThat(table.text(true, 80)).isEqualTo("there is none");
        assertThat(table.row("web-01").text(false)).startsWith("NAME");
    }
}
