package org.vmfinalize.lab.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Documents of the plugin server's API.
final class Samples {

    static final String INSTANT_VM = """
            {"id":"vm-51","name":"web01-from-backup","powerState":"poweredOn","datastore":"instant-ds","finalization":null,
             "backup":{"location":"/backups/web01/2026-11-22.qcow2","format":"qcow2","identity":"4711","open":true},
             "disks":[{"name":"web01.vmdk","file":"web01/web01.vmdk","sizeBytes":42949672960,"localBytes":9663676416,"toDoBytes":22978075033},
                      {"name":"web01_1.vmdk","file":"web01/web01_1.vmdk","sizeBytes":107374182400,"localBytes":96636764160,"toDoBytes":3221225472}]}"""
            .replace("\n", "");

    static final String BACKUPS = """
            {"items":[
              {"id":"p-1","place":"nightly","location":"/backups/web01/2026-11-22.qcow2","vmName":"web01","takenAt":"2026-11-22T22:00:00Z","format":"qcow2",
               "identity":"1","disks":[{"name":"d","sizeBytes":42949672960}],"hardware":null,"runningVms":[{"id":"vm-51","name":"web01-from-backup"}]},
              {"id":"p-2","place":"bucket","location":"s3://nightly/db01.qcow2","vmName":"db01","takenAt":"2026-11-23T01:30:00Z","format":"qcow2",
               "identity":"2","disks":[{"name":"d","sizeBytes":107374182400}],
               "hardware":{"cpus":4,"memoryMiB":16384,"firmware":"efi","guestId":"debian12_64Guest","controllers":[],"networks":["Production"],"remarks":[]},
               "runningVms":[]}],
             "total":2,"offset":0,"limit":500,"refreshedAt":"2026-11-23T08:00:00Z","troubles":["/mnt/old: the folder is not there; mount it"]}""";

    static final String DATASTORES = """
            {"items":[{"name":"instant-ds","export":"/instant-ds","capacityBytes":1099511627776,"freeBytes":714682558054,"liveDisks":2,"refused":[]},
                      {"name":"small-ds","export":"/small-ds","capacityBytes":107374182400,"freeBytes":3221225472,"liveDisks":0,"refused":[]}]}""";

    static final String DESTINATIONS = """
            {"hosts":[{"id":"host-9","name":"esx01.lab","usable":true},{"id":"host-10","name":"esx02.lab","usable":false}],
             "networks":[{"id":"network-7","name":"VM Network"}],
             "datastores":[{"id":"datastore-11","name":"instant-ds","freeBytes":1},{"id":"datastore-12","name":"vmfs-1","freeBytes":1}]}""";

    static final String PLACES = """
            {"items":[{"name":"nightly","location":"/backups","reachable":true,"reason":null,"files":12,"complete":true,"restorePoints":7},
                      {"name":"bucket","location":"s3://nightly","reachable":true,"reason":null,"files":20000,"complete":false,"restorePoints":431},
                      {"name":"old","location":"/mnt/old","reachable":false,"reason":"the folder is not there; mount it","files":0,"complete":false,
                       "restorePoints":0}],"checkedAt":"2026-11-23T08:00:00Z"}""";

    static final String PROVIDERS = """
            {"items":[{"file":"a.jar","name":"vm-finalize formats","version":"0.1.0","state":"active",
             "formats":["qcow2","vmdk","raw"],"openBackups":2,"error":null}]}""";

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

    /// A plan of the VM above, from which nothing is missing.
    static Plan plan() {
        return new Plan(
                """
                        {"action":"finalize","possible":%b,"vm":{"id":"vm-51","name":"web01-from-backup"},"newName":null,"backup":null,
                         "provisioning":"thin","disks":[],"inBackupBytes":26199300505,
                         "datastore":{"name":"instant-ds","neededBytes":26199300505,"freeBytes":214748364800},"privileges":[],"clashes":[],"hosts":[],
                         "time":{"secondsAtLeast":120,"secondsAtMost":300,"reason":null},"refusals":[%s],
                         "warnings":[{"type":"/warnings/mac-clash","title":"MAC address","detail":"network card 1 has the address of web01",
                                      "remedy":"let only one of them be connected"}]}""");
    }

    record Plan(String form) {

        String fine() {
            return form.formatted(true, "");
        }

        String with(String type, String detail, String remedy) {
            return form.formatted(false,
                    "{\"type\":\"%s\",\"title\":\"T\",\"detail\":\"%s\",\"remedy\":\"%s\"}".formatted(type,
                            detail,
                            remedy));
        }
    }

    /// A disk of which about so much was copied from its beginning on, and where the guest wrote here and there.
    static String diskMap(int cells, int percent) {
        long cell = 42949672960L / cells;
        var local = new ArrayList<Long>();
        var guest = new ArrayList<Long>();
        for (int i = 0; i < cells; i++) {
            boolean written = i * 7 % 31 < 4;
            boolean copied = i * 100 < percent * cells;
            guest.add(written ? cell / (1 + i % 3) : 0L);
            local.add(copied ? cell : guest.getLast());
        }
        return "{\"name\":\"web01.vmdk\",\"sizeBytes\":%d,\"cellBytes\":%s,\"localBytes\":%s,\"guestBytes\":%s}"
                .formatted(
                        cell * cells, Collections.nCopies(cells, cell), local, guest);
    }

    /// So many samples of a copy that makes room for its guest now and then.
    static String samples(int count) {
        return items(IntStream.range(0, count).mapToObj(
                i -> """
                        {"at":"2026-11-23T08:40:00Z","bytesPerSecond":%d,"guestRequests":%d,"guestP99Micros":%s}"""
                        .formatted(
                                i < 20
                                        ? 0
                                        : (long) (180e6
                                                + 60e6 * Math.sin(i / 9.0) - (i % 40 < 6 ? 120e6 : 0)),
                                i % 50 == 0 ? 0 : 400,
                                i % 50 == 0
                                        ? "null"
                                        : String.valueOf(2000 + (int) (900 * Math.sin(i / 5.0))
                                                + (i % 37 == 0 ? 4000 : 0))))
                .toArray(String[]::new)).replaceFirst("\\{", "{\"stepSeconds\":2,");
    }
}
