package org.vmfinalize.lab;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.vmfinalize.lab.vcenter.LabVCenter;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// A server whose vCenter has many machines, of which some run from backups, while others rename, start and stop machines.
///
/// As a program (`scripts/scale`) it prints, each minute, how long listing and a menu take, how often vCenter was called and
/// how much memory the server has in use.
final class LargeInventory implements AutoCloseable {

    /// In what `jcmd` says of the heap, from JDK 25 on also with what is reserved.
    private static final Pattern USED = Pattern
            .compile(
                    "(?:heap|generation|DefNew|Tenured)\\s+total (?:reserved \\d+K, committed )?\\d+K, used (\\d+)K");
    private static final int LISTINGS = 20;
    /// As many as a user may select.
    static final int MENU_OBJECTS = 500;
    private static final long MOST_MENU_MILLIS = 200;
    private static final long MOST_LISTING_MILLIS = 1000;
    private static final double MOST_GROWTH = 1.2;
    /// What is done now and then falls into one minute and not into another.
    private static final int SPARE_CALLS = 100;

    private final LabSite site;
    private final Path backup;
    private final List<String> urns = new ArrayList<>();
    private final String pluginToken;
    private final AtomicBoolean changing = new AtomicBoolean();
    @GuardedBy("this")
    private long changes;
    private volatile Thread changer = Thread.ofVirtual().unstarted(() -> {
    });

    private LargeInventory(LabSite site, Path backup) {
        this.site = site;
        this.backup = backup;
        this.pluginToken = site.vsphere().vcenter().issuePluginToken(LabVCenter.ADMINISTRATOR);
    }

    static LargeInventory start(Path folder, int machines) throws IOException {
        var inventory = open(folder);
        try {
            inventory.startServer(machines);
            return inventory;
        } catch (IOException e) {
            inventory.close();
            throw e;
        }
    }

    private static LargeInventory open(Path folder) throws IOException {
        var backups = Files.createDirectories(folder.resolve("backups"));
        var content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        var backup = Files.write(backups.resolve("small.raw"), content);
        return new LargeInventory(LabSite.open(folder.resolve("server"), backups,
                Files.createDirectories(folder.resolve("datastore")), 0), backup);
    }

    private void startServer(int machines) throws IOException {
        site.vsphere().vcenter().addMachines(machines);
        site.startServer();
    }

    void run(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            var vm = site.api().createInstantVm("instant-%04d".formatted(i), backup.toString(),
                    LabSite.DATASTORE);
            urns.add("urn:vmomi:VirtualMachine:%s:%s".formatted(vm.id(),
                    site.vsphere().vcenter().instanceUuid()));
        }
    }

    /// How often the server called vCenter, by method.
    Map<String, Long> calls() {
        return site.vsphere().vcenter().calls(LabVCenter.ADMINISTRATOR);
    }

    /// What the server called more often than it had before.
    static Map<String, Long> since(Map<String, Long> before, Map<String, Long> now) {
        var more = new TreeMap<String, Long>();
        now.forEach((method, count) -> {
            long added = count - before.getOrDefault(method, 0L);
            if (added > 0) {
                more.put(method, added);
            }
        });
        return more;
    }

    int list() throws IOException {
        return site.api().countInstantVms();
    }

    /// Lets the client's user open the menu of as many objects, of which some are the same if there are not as many machines.
    List<String> openMenu(int objects) throws IOException {
        return site.api().menu(
                Stream.generate(() -> urns).flatMap(List::stream).limit(objects).toList(), pluginToken);
    }

    long menuMillis() throws IOException {
        long began = System.nanoTime();
        openMenu(MENU_OBJECTS);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    long listMillis() throws IOException {
        long began = System.nanoTime();
        list();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /// Begins to rename, start and stop machines, one after the other, until it is closed.
    void change(Duration pause) {
        changing.set(true);
        changer = Thread.ofVirtual().name("changer").start(() -> {
            var vsphere = site.vsphere();
            try (var connector = new SoapConnector(
                    VCenterAddress.pinned(vsphere.sdk(), vsphere.thumbprint()));
                    var operator = connector.login(vsphere.operatorName(), vsphere.operatorPassword())) {
                var random = new Random(3);
                var machines = operator.virtualMachines();
                while (changing.get()) {
                    changeOne(operator, machines.get(random.nextInt(machines.size())).ref(), random);
                    countChange();
                    Thread.sleep(pause);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void changeOne(VCenter operator, MoRef vm, Random random) {
        try {
            VirtualMachine now = operator.virtualMachine(vm);
            if (random.nextBoolean()) {
                operator.rename(vm, now.name().replaceFirst("~.*", "") + "~" + random.nextInt(1000));
            } else if (now.powerState() == PowerState.POWERED_ON) {
                operator.powerOff(vm);
            } else {
                operator.powerOn(vm);
            }
        } catch (VCenterFault e) {
            if (!e.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw e;
            }
        }
    }

    private synchronized void countChange() {
        changes++;
        notifyAll();
    }

    synchronized long changes() {
        return changes;
    }

    /// Waits until there were as many changes.
    synchronized void awaitChanges(long count) throws InterruptedException {
        while (changes < count) {
            wait();
        }
    }

    /// What of the server's heap is in use after a collection.
    long heapKiB() throws IOException, InterruptedException {
        var pid = Long.toString(site.server().processId());
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        LabRun.tool(Path.of("/"), jcmd, pid, "GC.run");
        return USED.matcher(LabRun.tool(Path.of("/"), jcmd, pid, "GC.heap_info")).results()
                .mapToLong(match -> Long.parseLong(match.group(1))).sum();
    }

    @Override
    public void close() throws IOException {
        changing.set(false);
        changer.interrupt();
        site.close();
    }

    /// Prints a line a minute; the exit status is 1 if the server does not bear it.
    ///
    /// @param args how many machines, how many of them run from backups, and for how many minutes
    public static void main(String[] args) throws Exception {
        int machines = Integer.parseInt(args[0]);
        int instant = Integer.parseInt(args[1]);
        int minutes = Integer.parseInt(args[2]);
        var folder = new WorkFolder(Files.createTempDirectory(Path.of("/var/tmp"), "vm-finalize-scale"));
        boolean good;
        try (var inventory = open(folder.path())) {
            Runtime.getRuntime().addShutdownHook(
                    Thread.ofPlatform().name("end-of-scale").unstarted(() -> end(inventory, folder)));
            inventory.startServer(machines - instant);
            inventory.run(0, instant);
            System.out.printf("%d machines, of which %d run from backups%n", machines, inventory.list());
            good = inventory.bears(minutes);
        }
        System.out.println(good
                ? "good: listing took less than a second, a menu less than 200 ms, and neither memory nor calls grew"
                : "NOT GOOD: listing took a second or more, a menu 200 ms or more, memory or calls grew by a fifth, or nothing changed");
        if (!good) {
            System.exit(1);
        }
    }

    /// Leaves nothing behind, also when this process is told to end.
    private static void end(LargeInventory inventory, WorkFolder folder) {
        try {
            inventory.close();
            folder.delete();
        } catch (IOException e) {
            System.err.println("scale: " + e);
        }
    }

    /// Each minute's line is held against that of the first one.
    private boolean bears(int minutes) throws Exception {
        System.out.println(
                "minute  changes  listing p50, most (ms)  calls a listing  calls a minute  heap (KiB)  menu of %d p50, most (ms)"
                        .formatted(MENU_OBJECTS));
        change(Duration.ofMillis(200));
        boolean good = true;
        var first = measureMinute();
        for (int minute = 1; minute <= minutes; minute++) {
            var now = minute == 1 ? first : measureMinute();
            good &= now.isGood(first);
            System.out.printf("%6d  %7d  %12d, %8d  %15d  %14d  %10d  %15d, %8d%n", minute, now.changes,
                    now.listings.get(LISTINGS / 2), now.listings.getLast(), now.callsPerListing, now.calls,
                    now.heapKiB, now.menus.get(LISTINGS / 2), now.menus.getLast());
        }
        return good;
    }

    /// @param calls of the server while only others did something
    /// @param listings in milliseconds, the shortest first, as `menus`
    private record Minute(long changes, long calls, long callsPerListing, long heapKiB,
            List<Long> listings, List<Long> menus) {

        private boolean isGood(Minute first) {
            return changes > 0 && listings.get(LISTINGS / 2) < MOST_LISTING_MILLIS
                    && menus.get(LISTINGS / 2) < MOST_MENU_MILLIS && heapKiB < MOST_GROWTH * first.heapKiB
                    && calls < MOST_GROWTH * first.calls + SPARE_CALLS;
        }
    }

    private Minute measureMinute() throws Exception {
        var before = calls();
        long changedBefore = changes();
        Thread.sleep(Duration.ofMinutes(1));
        var calls = since(before, calls()).values().stream().mapToLong(Long::longValue).sum();
        long changed = changes() - changedBefore;
        var beforeListing = calls();
        var listings = sorted(this::listMillis);
        var listing = since(beforeListing, calls());
        listing.remove("WaitForUpdatesEx");
        long perListing = listing.values().stream().mapToLong(Long::longValue).sum() / LISTINGS;
        var menus = sorted(this::menuMillis);
        return new Minute(changed, calls, perListing, heapKiB(), listings, menus);
    }

    private static List<Long> sorted(Callable<Long> measure) throws Exception {
        var all = new ArrayList<Long>();
        for (int i = 0; i < LISTINGS; i++) {
            all.add(measure.call());
        }
        return all.stream().sorted().toList();
    }
}
