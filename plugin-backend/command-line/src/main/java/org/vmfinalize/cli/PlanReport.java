package org.vmfinalize.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.terminal.Terminal;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;
import tools.jackson.databind.JsonNode;

/// A plan of the server as people read it.
///
/// @param plan the form of `POST /api/v1/finalizations/plan`
record PlanReport(JsonNode plan) {

    ExitStatus status() {
        return plan.path("possible").asBoolean(false) ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    void print(PrintStream out) {
        out.printf("%s %s%s: %s; nothing was done%n", plan.path("action").asString(""),
                plan.at("/vm/name").asString(""),
                plan.path("newName").isString() ? " as " + plan.path("newName").asString() : "",
                status() == ExitStatus.DONE ? "possible" : "would be refused");
        remarks("refused", plan.path("refusals")).forEach(out::println);
        remarks("warning", plan.path("warnings")).forEach(out::println);
        facts().forEach(out::println);
        table(out, privileges());
        table(out, hosts());
        table(out, clashes());
    }

    private List<String> facts() {
        var facts = new ArrayList<String>();
        if (plan.path("backup").isObject()) {
            facts.add("backup: %s (%s)".formatted(plan.at("/backup/location").asString(""),
                    plan.at("/backup/format").asString("")));
        }
        if (plan.path("disks").isArray()) {
            var all = plan.path("disks").valueStream().mapToLong(disk -> disk.path("sizeBytes").asLong(0))
                    .sum();
            facts.add("disks: %d of %s, of which %s are only in the backup".formatted(
                    plan.path("disks").size(), Bytes.text(all), bytes(plan.path("inBackupBytes"))));
        }
        if (plan.path("datastore").isObject()) {
            facts.add("datastore %s: %s are needed for %s, %s are free".formatted(
                    plan.at("/datastore/name").asString(""), bytes(plan.at("/datastore/neededBytes")),
                    plan.path("provisioning").asString(""), bytes(plan.at("/datastore/freeBytes"))));
        }
        if (plan.path("move").isObject()) {
            facts.add("moved to datastore %s%s: %s are needed, %s are free".formatted(
                    plan.at("/move/name").asString(""),
                    plan.at("/move/instead").asBoolean(false) ? ", instead of being completed first" : "",
                    bytes(plan.at("/move/neededBytes")), bytes(plan.at("/move/freeBytes"))));
        }
        if (plan.path("time").isObject()) {
            facts.add("time: " + time(plan.path("time")));
        }
        if (plan.path("guestWrittenBytes").isNumber()) {
            facts.add("lost: %s that the guest has written".formatted(bytes(plan.path("guestWrittenBytes"))));
        }
        return facts;
    }

    private static String time(JsonNode time) {
        return time.path("secondsAtLeast").isNumber()
                ? "%s to %s".formatted(Times.text(Duration.ofSeconds(time.path("secondsAtLeast").asLong())),
                        Times.text(Duration.ofSeconds(time.path("secondsAtMost").asLong())))
                : "not known: " + time.path("reason").asString("");
    }

    private static List<String> remarks(String word, JsonNode remarks) {
        return remarks.valueStream().map(remark -> "%s: %s (%s)".formatted(word,
                remark.path("detail").asString(""), remark.path("remedy").asString(""))).toList();
    }

    private Table privileges() {
        var table = new Table("PRIVILEGE", "ON", "GRANTED");
        plan.path("privileges").forEach(each -> table.row(each.path("privilege").asString(""),
                each.path("on").asString(""), each.path("granted").asBoolean(false) ? "yes" : "no"));
        return table;
    }

    private Table hosts() {
        var table = new Table("HOST", "REACHES THE DATASTORE", "REASON");
        plan.path("hosts").forEach(each -> table.row(each.path("name").asString(""),
                each.path("reachable").isBoolean()
                        ? each.path("reachable").asBoolean() ? "yes" : "no"
                        : "not mounted yet",
                each.path("reason").asString("-")));
        return table;
    }

    private Table clashes() {
        var table = new Table("CLASH", "VALUE", "WITH", "ID");
        plan.path("clashes").forEach(
                each -> table.row(each.path("kind").asString(""), each.path("value").asString(""),
                        each.at("/vm/name").asString(""), each.at("/vm/id").asString("-")));
        return table;
    }

    private static void table(PrintStream out, Table table) {
        if (!table.isEmpty()) {
            out.println();
            out.println(Terminal.text(table));
        }
    }

    private static String bytes(JsonNode amount) {
        return amount.isNumber() ? Bytes.text(amount.asLong()) : "an unknown amount";
    }

    /// One row, for programs that read tables.
    Table row() {
        return new Table("ACTION", "VM", "POSSIBLE", "IN BACKUP", "NEEDED", "FREE", "REFUSALS").row(
                plan.path("action").asString(""), plan.at("/vm/name").asString(""),
                plan.path("possible").asBoolean(false), plan.path("inBackupBytes").asString("-"),
                plan.at("/datastore/neededBytes").asString("-"),
                plan.at("/datastore/freeBytes").asString("-"),
                String.join(" ", plan.path("refusals").valueStream()
                        .map(each -> each.path("type").asString("").replaceFirst(".*/", "")).toList()));
    }
}
