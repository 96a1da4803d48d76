package org.vmfinalize.lab.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Documents of the plugin server's API.
final class Samples {

    static final String INSTANT_VM = """
            {"id":"vm-51","name":"web01-from-backup","powerState":"poweredOn","datastore":"instant-ds","finalization":null,
             "backup":{"location":"/backups/web01/2026-11-22.qcow2","format":"qcow2","identity":"4711","open":true},
             "disks":[{"name":"web01.vmdk","file":"web01/web01.vmdk","sizeBytes":42949672960,"localBytes":9663676416,"toDoBytes":22978075033},
                      {"name":"web01_1.vmdk","file":"web01/web01_1.vmdk","sizeBytes":107374182400,"localBytes":96636764160,"toDoBytes":3221225472}]}"""
            .replace("\n", "");

    private static final long TOTAL = 20L << 30;

    private Samples() {}

    static String items(String... items) {
        return "{\"items\":[" + String.join(",", List.of(items)) + "]}";
    }

    /// The running finalization of the VM above.
    static String finalization(String state, int percent, @Nullable String pauseReason) {
        return document("1", "vm-51", "web01", state, percent, pauseReason, null);
    }

    static String ended(String id, String name, String state, int percent, @Nullable String failure) {
        return document(id, id.equals("1") ? "vm-51" : "vm-6" + id, name, state, percent, null, failure);
    }

    private static String document(String id, String vmId, String name, String state, int percent,
            @Nullable String pauseReason, @Nullable String failure) {
        long done = (TOTAL / 100 + 1) * percent;
        boolean running = state.equals("hydrating");
        return """
                {"id":"%s","vm":{"id":"%s","name":"%s"},"state":"%s","pauseReason":%s,"failure":%s,"provisioning":"thin",
                 "doneBytes":%d,"totalBytes":%d,"bytesPerSecond":%d,"secondsLeft":%s,"hydratedBytes":%d,"guestWrittenBytes":838860800,
                 "disks":[{"name":"web01.vmdk","file":"web01/web01.vmdk","state":"%s","doneBytes":%d,"totalBytes":%d,"sizeBytes":42949672960}],
                 "startedAt":"2026-11-23T08:4%s:00Z","endedAt":%s,"initiator":"VSPHERE.LOCAL\\\\Administrator","task":"task-7"}"""
                .formatted(id, vmId, name, state, quoted(pauseReason), quoted(failure), done, TOTAL,
                        running ? 188_743_680 : 0, running ? "73" : "null", done, state, done, TOTAL, id,
                        failure == null && percent < 100 ? "null" : "\"2026-11-23T08:50:00Z\"")
                .replace("\n", "");
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }
}
