package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmfinalize.server.vcenter.VmFinalizeKeys.EVENT_HOST_HAS_DATASTORE;
import static org.vmfinalize.server.vcenter.VmFinalizeKeys.EVENT_HOST_LACKS_DATASTORE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import tools.jackson.databind.JsonNode;

/// DRS and HA put a machine on any host of its cluster: one that comes into it has the datastore soon, or is named.
@Timeout(120)
class JoiningHostsTest {

    private static final Host JOINING = MemoryVCenter.host("host-2", "esx2");

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @BeforeEach
    void makeBackup() throws Exception {
        Files.write(folder.resolve("backup.raw"), new byte[64 << 10]);
    }

    private RunningServer start(String... settings) throws Exception {
        return RunningServer.start(folder, vcenter, settings).as("alice", "ecila");
    }

    private String run(RunningServer server) throws Exception {
        return server.post("/api/v1/instant-vms", "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(folder.resolve("backup.raw"))).text("id");
    }

    private boolean has(Host host) {
        return vcenter.mountedOn.getOrDefault("ds1", Set.of()).contains(host.ref());
    }

    /// What the doctor says of hosts; other findings are none of this test's.
    private static List<JsonNode> findings(RunningServer server) throws Exception {
        return server.get("/api/v1/doctor").json().get("items").valueStream()
                .filter(item -> item.get("kind").asString().equals("host-without-datastore")).toList();
    }

    /// The server has seen to the clusters since the machine was made, and hears what changes.
    private void awaitFollowed() throws InterruptedException {
        MoveApiTest.await(() -> vcenter.followed.contains(MemoryVCenter.CLUSTER));
    }

    private static void awaitRefused(RunningServer server) throws InterruptedException {
        var mounts = server.bean(HostMounts.class);
        var datastore = server.bean(Datastores.class).require("ds1");
        MoveApiTest.await(() -> Boolean.FALSE
                .equals(mounts.reach(datastore, List.of(JOINING)).getFirst().reachable()));
    }

    @Test
    void aHostThatComesIntoTheClusterMountsTheDatastoreThatMachinesRunFrom() throws Exception {
        try (var server = start()) {
            run(server);
            awaitFollowed();

            vcenter.hosts.add(JOINING);

            MoveApiTest.await(() -> has(JOINING));
            assertThat(server.bean(HostMounts.class).ledger()).extracting(mount -> mount.host().value())
                    .contains("host-2");
            assertThat(findings(server)).isEmpty();
        }
    }

    @Test
    void itIsWrittenDownBeforeTheHostIsAsked() throws Exception {
        try (var server = start()) {
            run(server);
            awaitFollowed();
            vcenter.kill = "before mountNfs";
            vcenter.hosts.add(JOINING);
            MoveApiTest.await(() -> vcenter.away);

            assertThat(server.bean(HostMounts.class).ledger()).extracting(mount -> mount.host().value())
                    .contains("host-2");
        }
    }

    @Test
    void aHostThatWasNotConnectedGetsItOnceItIs() throws Exception {
        vcenter.hosts.add(new Host(JOINING.ref(), JOINING.name(), false, false, MemoryVCenter.CLUSTER));
        try (var server = start()) {
            run(server);
            awaitFollowed();
            assertThat(has(JOINING)).isFalse();
            assertThat(findings(server)).as("no machine is brought to it").isEmpty();

            vcenter.hosts.set(1, JOINING);

            MoveApiTest.await(() -> has(JOINING));
        }
    }

    @Test
    void aHostThatCameWhileTheServerWasAwayGetsItAtTheNextStart() throws Exception {
        try (var server = start()) {
            run(server);
        }
        vcenter.hosts.add(JOINING);
        try (var _ = start()) {
            MoveApiTest.await(() -> has(JOINING));
        }
    }

    @Test
    void aHostThatRefusesIsNamedWithWhyItMayBe() throws Exception {
        vcenter.failing.put("mountNfs host-2", "PlatformConfigFault");
        vcenter.addresses.put(JOINING.ref(), List.of("192.0.2.7", "2001:db8::7"));
        try (var server = start("--vmfinalize.nfs.clients=192.0.3.0/24")) {
            var vm = run(server);
            awaitFollowed();
            vcenter.hosts.add(JOINING);
            awaitRefused(server);

            assertThat(server.bean(HostMounts.class).ledger()).extracting(mount -> mount.host().value())
                    .containsExactly("host-1");
            assertThat(findings(server)).singleElement().satisfies(finding -> {
                assertThat(finding.get("subject").asString()).isEqualTo("ds1 on esx2");
                assertThat(finding.get("repairable").asBoolean()).isFalse();
                assertThat(finding.get("detail").asString()).contains("PlatformConfigFault",
                        "192.0.2.7, 2001:db8::7", "vmfinalize.nfs");
            });
            var plan = server.post("/api/v1/finalizations/plan", "{\"vm\":\"%s\"}".formatted(vm)).json();
            assertThat(plan.get("warnings").valueStream().map(warning -> warning.get("detail").asString()))
                    .singleElement().asString().contains("esx2", "192.0.2.7");
        }
    }

    @Test
    void aHostThatMayMountIsNotToldToBeLeftOut() throws Exception {
        vcenter.failing.put("mountNfs host-2", "PlatformConfigFault");
        vcenter.addresses.put(JOINING.ref(), List.of("10.0.0.1", "192.0.2.7"));
        try (var server = start("--vmfinalize.nfs.clients=192.0.2.0/24")) {
            run(server);
            awaitFollowed();
            vcenter.hosts.add(JOINING);
            awaitRefused(server);

            assertThat(server.bean(HostMounts.class).ledger()).extracting(mount -> mount.host().value())
                    .containsExactly("host-1");
            assertThat(findings(server)).singleElement().satisfies(finding -> assertThat(
                    finding.get("detail").asString()).contains("PlatformConfigFault")
                    .doesNotContain("vmfinalize.nfs"));
        }
    }

    @Test
    void aHostThatHasLostTheDatastoreIsNamed() throws Exception {
        vcenter.hosts.add(JOINING);
        try (var server = start()) {
            run(server);
            vcenter.cutOff.add(JOINING.ref());

            assertThat(findings(server)).singleElement().satisfies(finding -> assertThat(
                    finding.get("detail").asString()).contains("not accessible"));
        }
    }

    private List<String> eventTypes() {
        return vcenter.events.getOrDefault("host-2", List.of()).stream().map(ExtensionEvent::typeId).toList();
    }

    /// A host comes that does not mount the datastore, and has its event.
    private void joinRefusing(RunningServer server) throws Exception {
        vcenter.failing.put("mountNfs host-2", "PlatformConfigFault");
        run(server);
        awaitFollowed();
        vcenter.hosts.add(JOINING);
        vcenter.awaitEvent("host-2", EVENT_HOST_LACKS_DATASTORE);
    }

    @Test
    void aHostThatRefusesHasAnEventAndAnotherOneOnceItHasIt() throws Exception {
        try (var server = start()) {
            joinRefusing(server);
            assertThat(vcenter.events.get("host-2")).singleElement().satisfies(event -> {
                assertThat(event.severity()).isEqualTo(ExtensionEvent.Severity.WARNING);
                assertThat(event.message()).contains("ds1", "PlatformConfigFault");
                assertThat(event.arguments()).containsEntry("datastore", "ds1");
                assertThat(event.arguments().get("reason")).contains("PlatformConfigFault");
            });

            vcenter.failing.remove("mountNfs host-2");
            join("host-3");

            vcenter.awaitEvent("host-2", EVENT_HOST_HAS_DATASTORE);
            assertThat(eventTypes()).containsExactly(EVENT_HOST_LACKS_DATASTORE, EVENT_HOST_HAS_DATASTORE);
            assertThat(vcenter.events).as("of hosts that never lacked it").doesNotContainKeys("host-1",
                    "host-3");
        }
    }

    /// Has the server look at the cluster again, and waits until it has.
    private void join(String id) throws Exception {
        var another = MemoryVCenter.host(id, "named " + id);
        vcenter.hosts.add(another);
        MoveApiTest.await(() -> vcenter.followed.contains(another.ref()));
    }

    @Test
    void itIsToldOnceHoweverOftenItRefuses() throws Exception {
        try (var server = start()) {
            joinRefusing(server);
            int refused = vcenter.calls.getOrDefault("mountNfs host-2", 0);

            join("host-3");
            vcenter.hosts.remove(JOINING);
            join("host-4");
            assertThat(vcenter.calls.get("mountNfs host-2")).isGreaterThan(refused);
            assertThat(eventTypes()).containsExactly(EVENT_HOST_LACKS_DATASTORE);

            vcenter.hosts.add(JOINING);
            MoveApiTest.await(() -> eventTypes().size() > 1);
            assertThat(eventTypes()).as("it has come anew").containsExactly(EVENT_HOST_LACKS_DATASTORE,
                    EVENT_HOST_LACKS_DATASTORE);
        }
    }

    @Test
    void hostsOfOtherClustersAndUnusedDatastoresAreLeftAlone() throws Exception {
        var other = new Host(JOINING.ref(), "elsewhere", true, false,
                new MoRef("ClusterComputeResource", "domain-c2"));
        try (var server = start()) {
            var vm = run(server);
            awaitFollowed();
            vcenter.hosts.add(other);
            var third = MemoryVCenter.host("host-3", "esx3");
            vcenter.hosts.add(third);
            MoveApiTest.await(() -> has(third));
            assertThat(has(other)).isFalse();

            assertThat(server.send("DELETE", "/api/v1/instant-vms/" + vm, null).status()).isEqualTo(200);
            MoveApiTest.await(() -> vcenter.followed.isEmpty());
            assertThat(findings(server)).isEmpty();
        }
    }
}
