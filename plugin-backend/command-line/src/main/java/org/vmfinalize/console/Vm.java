package org.vmfinalize.console;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.InstantVm;

/// A VM that runs from a backup.
///
/// **Threads:** any number.
public final class Vm {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Server server;
    private volatile InstantVm seen;

    Vm(Server server, InstantVm seen) {
        this.server = server;
        this.seen = seen;
    }

    /// As vCenter showed it when it was found.
    public String getName() {
        return seen.name();
    }

    /// vSphere's managed object id, such as `vm-51`.
    public String getId() {
        return seen.id();
    }

    /// `poweredOn`, `poweredOff` or `suspended`, as vCenter says now.
    public String getPowerState() {
        return look().powerState();
    }

    /// The datastore that takes its changes.
    public String getDatastore() {
        return seen.datastore();
    }

    /// What VMware Tools tell of its guest now.
    public Guest getGuest() {
        return Guest.of(look().json().path("guest"));
    }

    /// vSphere's tags that it has now; none if the server may not look at them.
    public List<Tag> getTags() {
        return server.ask(api -> api.tags(getId())).stream().map(Tag::of).toList();
    }

    /// Where its backup is.
    public String getBackup() {
        return seen.backup();
    }

    /// The size of all its disks, in bytes.
    public long getSizeBytes() {
        return seen.sizeBytes();
    }

    /// How much of its disks is still in the backup now, in bytes.
    public long getBytesInBackup() {
        return look().toDoBytes();
    }

    /// The id of the finalization that is under way now; null if there is none.
    public @Nullable String getFinalization() {
        return look().finalization().orElse(null);
    }

    /// What the server said of it when it was found.
    InstantVm seen() {
        return seen;
    }

    /// Begins to make it permanent, under its own name and with thin disks.
    public Job makePermanent() {
        return makePermanent(Map.of());
    }

    /// Begins to make it permanent; returns when the job is written down.
    ///
    /// @param options `name`: its new name, at once; `provisioning`: `'thin'` (default), `'thick'` or `'eager-thick'`;
    ///        `limit`: at most this rate, such as `'200 MB/s'`; `latencyGoal`: such as `'20 ms'`, or `'auto'`; `priority`: `'low'`,
    ///        `'normal'` or `'high'`; `verify`: whether the finished disks are read back; `moveTo`: the datastore that it is
    ///        moved to then, by name or id; `moveInstead`: whether that takes the place of completing the disks;
    ///        `diskProvisioning`: the provisioning of single disks there, by their names
    public Job makePermanent(Map<String, ?> options) {
        var request = request("makePermanent", options);
        return new Job(server, server.ask(api -> api.finalizeVm(request)));
    }

    /// What making it permanent would need, without doing it.
    ///
    /// @param options those of [#makePermanent(Map)]
    /// @return the server's plan: `possible`, `refusals` with their remedies, `datastore.neededBytes` and more
    public Map<String, ?> plan(Map<String, ?> options) {
        return Server.asMap(server.ask(api -> api.planFinalization(request("plan", options))));
    }

    /// The plan of making it permanent under its own name and with thin disks.
    public Map<String, ?> plan() {
        return plan(Map.of());
    }

    private Map<String, Object> request(String verb, Map<String, ?> options) {
        return new Arguments(verb, options, Options.MAKE_PERMANENT).put("vm", getId())
                .takeRate("limit", "bytesPerSecond").takeMillis("latencyGoal", "latencyGoalMillis")
                .takeOthers().request();
    }

    /// Throws it away: powers it off, unregisters it, deletes its changes, and gives the backup back.
    public void discard() {
        discard(Map.of());
    }

    /// Throws it away.
    ///
    /// @param options `keepChanges`: the name under which its changes are kept
    public void discard(Map<String, ?> options) {
        var request = new Arguments("discard", options, Options.DISCARD).takeOthers().request();
        server.ask(api -> api.discard(getId(), request));
    }

    /// Waits until VMware Tools tell an address, or for that long.
    void awaitAddress(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end && getGuest().ipAddress() == null) {
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ConsoleException(
                        "%s: its address is not waited for any more, and it runs; vm('%s').discard() throws it away"
                                .formatted(getName(), getId()),
                        e);
            }
        }
    }

    private InstantVm look() {
        seen = server.ask(api -> api.instantVm(getId()));
        return seen;
    }

    /// Its name and id.
    @Override
    public String toString() {
        return "%s (%s)".formatted(getName(), getId());
    }
}
