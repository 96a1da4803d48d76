package org.vmfinalize.console;

import groovy.lang.Closure;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A backup that VMs can be run from.
public final class RestorePoint {

    private final Server server;
    private final JsonNode json;

    RestorePoint(Server server, JsonNode json) {
        this.server = server;
        this.json = json;
    }

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

    public String getLocation() {
        return json.path("location").asString("");
    }

    /// Runs a VM from it.
    ///
    /// @param options those of [#run(Map, Closure)]
    public Vm run(Map<String, ?> options) {
        var request = new Arguments("run", options).put("backup", getId())
                .take("name", "datastore", "secondCopy", "resourcePool", "keepMacs", "keepUuids",
                        "hardwareVersion", "host", "cluster", "folder", "network", "networks", "powerOn",
                        "guestId", "cpus",
                        "memoryMiB")
                .request();
        return new Vm(server, server.ask(api -> api.run(request)));
    }

    /// Runs a VM from it, and gives it to `then`.
    ///
    /// @param options `name` and `datastore`; where: `host` or `cluster`; `network`: a name, or `'disconnected'`; `powerOn`
    public Object run(Map<String, ?> options, Closure<?> then) {
        return then.call(run(options));
    }

    @Override
    public String toString() {
        return "%s of %s (%s)".formatted(getVmName(), getTime(), getLocation());
    }
}
