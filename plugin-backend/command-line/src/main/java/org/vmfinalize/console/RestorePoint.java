package org.vmfinalize.console;

import groovy.lang.Closure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;
import tools.jackson.databind.JsonNode;

/// A backup that VMs can be run from.
public final class RestorePoint {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Server server;
    private final JsonNode json;

    RestorePoint(Server server, JsonNode json) {
        this.server = server;
        this.json = json;
    }

    /// Stays the same as long as the backup stays where it is.
    public String getId() {
        return json.path("id").asString("");
    }

    /// The name of the place that it lies in.
    public String getPlace() {
        return json.path("place").asString("");
    }

    /// The VM's name when it was backed up.
    public String getVmName() {
        return json.path("vmName").asString("");
    }

    /// When it was taken, by ISO 8601; empty if the backup does not tell.
    public String getTime() {
        return json.path("takenAt").asString("");
    }

    /// Such as `qcow2`.
    public String getFormat() {
        return json.path("format").asString("");
    }

    /// Where it is, such as `/backups/web-01.qcow2`.
    public String getLocation() {
        return json.path("location").asString("");
    }

    /// Runs a VM from it.
    ///
    /// @param options `name`, which must be given; `datastore`, which may be left out if the server has only one; where:
    ///        `host`, `cluster`, `resourcePool`, `folder`; `network`: a name, or `'disconnected'`; `networks`: which takes
    ///        whose place; `powerOn`: whether it is started, the default; `cpus`; `memory`: such as `'4 GiB'`; `keepMacs` and what else the
    ///        REST API takes
    /// @return the VM, as soon as it is there
    public Vm run(Map<String, ?> options) {
        var arguments = new Arguments("run", options, Options.RUN).put("backup", getId());
        if (!options.containsKey("datastore")) {
            arguments.put("datastore", onlyDatastore());
        }
        var request = arguments.take("memory", "memoryMiB", size -> Bytes.parseMebibytes(size.toString()))
                .takeOthers().request();
        return new Vm(server, server.ask(api -> api.run(request)));
    }

    /// Runs a VM from it, waits until VMware Tools tell the guest's address, and gives the VM to `then`.
    ///
    /// @param options those of [#run(Map)], and `patience`: how long the address is waited for, such as `'2 min'`; without
    ///        it five minutes. A VM whose guest tells none by then is given to `then`, too
    /// @param then takes the VM
    /// @return what `then` answers
    public Object run(Map<String, ?> options, Closure<?> then) {
        var forVm = new LinkedHashMap<String, Object>(options);
        var patience = Optional.ofNullable(forVm.remove(Options.PATIENCE))
                .map(text -> Times.parse(text.toString())).orElse(PATIENCE);
        var vm = run(forVm);
        if (!Boolean.FALSE.equals(options.get("powerOn"))) {
            vm.awaitAddress(patience);
        }
        return then.call(vm);
    }

    private String onlyDatastore() {
        var names = server.ask(api -> api.list("datastores")).stream()
                .map(store -> store.path("name").asString("")).toList();
        if (names.size() != 1) {
            throw new ConsoleException("run: datastore must be given, since there are %d: %s"
                    .formatted(names.size(), String.join(", ", names)));
        }
        return names.getFirst();
    }

    /// The VM, the time and the location.
    @Override
    public String toString() {
        return "%s of %s (%s)".formatted(getVmName(), getTime(), getLocation());
    }
}
