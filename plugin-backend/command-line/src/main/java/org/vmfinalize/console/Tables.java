package org.vmfinalize.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;

/// How VMs, restore points, finalizations and discards are shown to people.
public final class Tables {

    private Tables() {}

    /// The table of what has several VMs, restore points, finalizations or discards, or is one; none for anything else.
    ///
    /// @param answer of a line of the console
    public static Optional<Table> of(Object answer) {
        var rows = new ArrayList<Object>();
        switch (answer) {
            case Vm one -> rows.add(one);
            case RestorePoint one -> rows.add(one);
            case Job one -> rows.add(one);
            case Vms all -> all.forEach(rows::add);
            case Backups all -> all.forEach(rows::add);
            case BackupsOfVm all -> all.forEach(rows::add);
            case Jobs all -> all.forEach(rows::add);
            case Discarded one -> rows.add(one);
            case Discards all -> all.forEach(rows::add);
            case List<?> list -> rows.addAll(list);
            default -> {
                return Optional.empty();
            }
        }
        return table(answer, rows);
    }

    private static Optional<Table> table(Object answer, List<Object> rows) {
        if (answer instanceof Vms || isAll(Vm.class, rows)) {
            return Optional.of(vms(rows.stream().map(Vm.class::cast).toList()));
        }
        if (answer instanceof Backups || isAll(RestorePoint.class, rows)) {
            return Optional.of(backups(rows.stream().map(RestorePoint.class::cast).toList()));
        }
        if (answer instanceof Jobs || isAll(Job.class, rows)) {
            return Optional.of(jobs(rows.stream().map(Job.class::cast).toList()));
        }
        if (answer instanceof Discards || isAll(Discarded.class, rows)) {
            return Optional.of(discards(rows.stream().map(Discarded.class::cast).toList()));
        }
        return Optional.empty();
    }

    private static boolean isAll(Class<?> type, List<Object> rows) {
        return !rows.isEmpty() && rows.stream().allMatch(type::isInstance);
    }

    static Table vms(List<Vm> all) {
        var table = new Table("NAME", "ID", "POWER", "IN BACKUP", "DATASTORE", "BACKUP")
                .orSay("no VM runs from a backup");
        for (var vm : all) {
            var seen = vm.seen();
            table.row(seen.name(), seen.id(), seen.powerState(), Bytes.text(seen.toDoBytes()),
                    seen.datastore(), seen.backup());
        }
        return table;
    }

    static Table backups(List<RestorePoint> all) {
        var table = new Table("VM", "TIME", "FORMAT", "LOCATION")
                .orSay("no backup is in the server's places");
        all.forEach(point -> table.row(point.getVmName(), point.getTime(), point.getFormat(),
                point.getLocation()));
        return table;
    }

    static Table discards(List<Discarded> all) {
        var table = new Table("VM", "STATE", "GUEST WROTE", "STARTED", "KEPT IN")
                .orSay("no VM is or was thrown away");
        for (var one : all) {
            var seen = one.seen();
            table.row(seen.vmName(), seen.state(), Bytes.text(seen.guestWrittenBytes()),
                    Times.withoutFraction(seen.startedAt()),
                    seen.keptFiles().isEmpty() ? "-" : String.join(", ", seen.keptFiles()));
        }
        return table;
    }

    static Table jobs(List<Job> all) {
        var table = new Table("VM", "STATE", "DONE", "OF", "STARTED", "REASON")
                .orSay("no VM is or was finalized");
        for (var job : all) {
            var seen = job.seen();
            table.row(seen.vmName(), seen.state(), seen.percent() + " %", Bytes.text(seen.totalBytes()),
                    Times.withoutFraction(seen.json().path("startedAt").asString("-")),
                    seen.reason().orElse("-"));
        }
        return table;
    }
}
