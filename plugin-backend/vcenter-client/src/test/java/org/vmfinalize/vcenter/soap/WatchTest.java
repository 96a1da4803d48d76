package org.vmfinalize.vcenter.soap;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VirtualMachine;

/// What a watch asks, and how it goes on after whatever happens to the server.
@Timeout(120)
class WatchTest {

    private static final MoRef VM = MoRef.virtualMachine("vm-51");
    private static final MoRef CLUSTER = new MoRef("ClusterComputeResource", "domain-c1");
    private static final MoRef TASK = new MoRef("Task", "task-7");

    /// More pauses of 30 s, which is the longest, than there are in an hour.
    private static final int FAILURES_OF_AN_HOUR = 121;

    private final FakeVCenter fake = new FakeVCenter();
    private final Heard heard = new Heard();

    @BeforeEach
    void answerWhatAWatchAsks() {
        fake.answer("CreateListView", "<returnval type=\"ListView\">list-1</returnval>");
        fake.answer("ModifyListView", "");
        fake.answer("DestroyView", "");
        fake.answer("CreatePropertyCollector",
                "<returnval type=\"PropertyCollector\">pc-2</returnval>");
        fake.answer("CreateFilter", "<returnval type=\"PropertyFilter\">filter-1</returnval>");
        fake.answer("DestroyPropertyCollector", "");
        fake.answer("CurrentTime", "<returnval>2026-11-23T07:01:03Z</returnval>");
        fake.call("WaitForUpdatesEx", nothing());
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    private static ResponseDefinitionBuilder nothing() {
        return FakeVCenter.xml(200, FakeVCenter.envelope("WaitForUpdatesEx", "")).withFixedDelay(200);
    }

    private static ResponseDefinitionBuilder updates(String version, String... objects) {
        return FakeVCenter.xml(200, FakeVCenter.envelope("WaitForUpdatesEx", "<returnval><version>" + version
                + "</version><filterSet><filter type=\"PropertyFilter\">filter-1</filter>"
                + String.join("", objects) + "</filterSet></returnval>"));
    }

    private static String machine(String id, String name) {
        return "<objectSet><kind>enter</kind><obj type=\"VirtualMachine\">" + id
                + "</obj><changeSet><name>name"
                + "</name><op>assign</op><val xsi:type=\"xsd:string\">" + name
                + "</val></changeSet></objectSet>";
    }

    private static String task(String content) {
        return "<objectSet><kind>modify</kind><obj type=\"Task\">task-7</obj><changeSet><name>info</name>"
                + "<op>assign</op><val xsi:type=\"TaskInfo\"><key>task-7</key>" + content
                + "</val></changeSet></objectSet>";
    }

    private void afterVersion(String version, ResponseDefinitionBuilder answer) {
        fake.server.stubFor(post("/sdk").withRequestBody(containing("<WaitForUpdatesEx "))
                .withRequestBody(containing("<version>" + version + "</version>")).willReturn(answer));
    }

    @Test
    void machinesAndTasksAreFollowedByOneListAndOneFilter() throws Exception {
        afterVersion("", updates("1", machine("vm-51", "web"), task("<state>queued</state>")));
        afterVersion("1", updates("2",
                task("<state>running</state><cancelled>true</cancelled><progress>41</progress>")));
        afterVersion("2", nothing());
        try (var watch = fake.login().watch(heard)) {
            watch.follow(List.of(VM, TASK));

            assertThat(heard.next()).isEqualTo("vm-51 web");
            assertThat(heard.next()).isEqualTo("task-7 UNDER_WAY 0 false");
            assertThat(heard.next()).isEqualTo("up to date");
            assertThat(heard.next()).isEqualTo("task-7 UNDER_WAY 41 true");
            assertThat(fake.requests("ModifyListView")).hasSize(1);
            watch.leave(TASK);
            assertThat(fake.requests("ModifyListView").getLast().getBodyAsString())
                    .contains("<_this type=\"ListView\">list-1</_this><remove type=\"Task\">task-7</remove>");
        }
        assertThat(fake.requests("CreateFilter")).singleElement().satisfies(request -> assertThat(
                request.getBodyAsString())
                .contains("<propSet><type>VirtualMachine</type><pathSet>name</pathSet>",
                        "<propSet><type>Task</type><pathSet>info</pathSet></propSet>",
                        "<obj type=\"ListView\">list-1</obj><skip>true</skip>",
                        "<type>ListView</type><path>view</path>"));
    }

    @Test
    void whatTheServerDoesNotHaveIsToldToBeGone() throws Exception {
        fake.answer("ModifyListView", "<returnval type=\"VirtualMachine\">vm-51</returnval>");
        try (var watch = fake.login().watch(heard)) {
            heard.await("up to date");
            watch.follow(VM);

            assertThat(heard.next()).isEqualTo("vm-51 gone");
        }
    }

    @Test
    void aServerThatRefusesTheWholeListIsAskedOneByOne() throws Exception {
        fake.call("ModifyListView", FakeVCenter.fault("ManagedObjectNotFound",
                "<obj type=\"VirtualMachine\">vm-51</obj>"));
        try (var watch = fake.login().watch(heard)) {
            heard.await("up to date");
            watch.follow(List.of(VM, TASK));

            assertThat(heard.next()).isEqualTo("vm-51 gone");
            assertThat(heard.next()).isEqualTo("task-7 gone");
        }
    }

    @Test
    void whatWentAwayDuringABreakIsToldAfterIt() throws Exception {
        afterVersion("", updates("1", machine("vm-51", "web"), machine("vm-52", "db")));
        afterVersion("1", nothing());
        try (var watch = fake.login().watch(heard)) {
            watch.follow(List.of(VM, MoRef.virtualMachine("vm-52")));
            heard.await("up to date");
            afterVersion("", updates("1", machine("vm-52", "db")));
            fake.server.stubFor(post("/sdk").withRequestBody(containing("<WaitForUpdatesEx "))
                    .withRequestBody(containing("<version>1</version>"))
                    .willReturn(FakeVCenter.fault("InvalidCollectorVersion", "")));

            heard.await("vm-51 gone");
            assertThat(heard.all).as("what is as it was is not told again").filteredOn("vm-52 db"::equals)
                    .hasSize(1);
        }
    }

    @Test
    void anAnswerThatIsCutShortIsNotTheWholeState() throws Exception {
        afterVersion("", updates("1", machine("vm-51", "web")));
        var cut = FakeVCenter.envelope("WaitForUpdatesEx", "<returnval><version>1</version><filterSet>"
                + machine("vm-51", "web") + "</filterSet><truncated>true</truncated></returnval>");
        afterVersion("", FakeVCenter.xml(200, cut));
        afterVersion("1", updates("2", machine("vm-52", "db")));
        afterVersion("2", nothing());
        try (var watch = fake.login().watch(heard)) {
            watch.follow(List.of(VM, MoRef.virtualMachine("vm-52")));

            assertThat(heard.next()).isEqualTo("vm-51 web");
            assertThat(heard.next()).isEqualTo("vm-52 db");
            assertThat(heard.next()).isEqualTo("up to date");
        }
    }

    @Test
    void aVCenterThatIsAwayForAnHourIsWatchedAgainWhenItIsBack() throws Exception {
        afterVersion("", updates("1", machine("vm-51", "web")));
        afterVersion("1", nothing());
        try (var watch = fake.login().watch(heard)) {
            watch.follow(VM);
            heard.await("up to date");

            fake.server.stubFor(any(anyUrl()).atPriority(1).willReturn(aResponse().withStatus(503)));
            heard.breaks.await();
            fake.server.removeStub(any(anyUrl()).atPriority(1));
            afterVersion("", updates("1", machine("vm-51", "renamed meanwhile")));

            heard.await("vm-51 renamed meanwhile");
            heard.await("up to date");
        }
    }

    @Test
    void a401DuringAWaitBeginsTheWatchAnewInANewSessionAndIsNoBreak() throws Exception {
        afterVersion("", updates("1", machine("vm-51", "web")));
        afterVersion("1", nothing());
        try (var watch = fake.login().watch(heard)) {
            watch.follow(VM);
            heard.await("up to date");
            fake.call("DestroyPropertyCollector", aResponse().withStatus(401));
            fake.call("DestroyView", aResponse().withStatus(401));
            afterVersion("", updates("2", machine("vm-51", "renamed meanwhile")));
            afterVersion("2", nothing());
            afterVersion("1", aResponse().withStatus(401).withHeader("Content-Type", "text/html")
                    .withBody("<html>Log in</html>"));

            heard.await("vm-51 renamed meanwhile");
            heard.await("up to date");
        }
        assertThat(fake.requests("Login")).hasSize(2);
        assertThat(heard.breaks.getCount()).as("breaks to come").isEqualTo(FAILURES_OF_AN_HOUR);
    }

    @Test
    void nothingElseCanBeFollowed() {
        try (var watch = fake.login().watch(heard)) {
            assertThatThrownBy(() -> watch.follow(new MoRef("Datastore", "datastore-1")))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("datastore-1");
        }
    }

    @Test
    void aClusterTellsWhichHostsItHasAndAHostWhetherItIsConnected() throws Exception {
        afterVersion("", updates("1", cluster("host-1"), host("connected")));
        afterVersion("1", updates("2", cluster("host-1", "host-2")));
        afterVersion("2", updates("3", host("notResponding")));
        afterVersion("3", nothing());
        try (var watch = fake.login().watch(heard)) {
            watch.follow(List.of(CLUSTER, new MoRef("HostSystem", "host-1")));

            assertThat(heard.next()).isEqualTo("domain-c1 [host-1]");
            assertThat(heard.next()).isEqualTo("esx1 in domain-c1 true");
            assertThat(heard.next()).isEqualTo("up to date");
            assertThat(heard.next()).isEqualTo("domain-c1 [host-1, host-2]");
            assertThat(heard.next()).isEqualTo("esx1 in domain-c1 false");
        }
        assertThat(fake.requests("CreateFilter").getFirst().getBodyAsString())
                .contains("<propSet><type>HostSystem</type><pathSet>name</pathSet><pathSet>parent</pathSet>",
                        "<propSet><type>ClusterComputeResource</type><pathSet>host</pathSet></propSet>");
    }

    private static String cluster(String... hosts) {
        return "<objectSet><kind>modify</kind><obj type=\"ClusterComputeResource\">domain-c1</obj><changeSet>"
                + "<name>host</name><op>assign</op><val xsi:type=\"ArrayOfManagedObjectReference\">"
                + Stream.of(hosts).map(host -> "<ManagedObjectReference type=\"HostSystem\">" + host
                        + "</ManagedObjectReference>").collect(Collectors.joining())
                + "</val></changeSet></objectSet>";
    }

    private static String host(String state) {
        return "<objectSet><kind>modify</kind><obj type=\"HostSystem\">host-1</obj>"
                + "<changeSet><name>name</name><op>assign</op><val xsi:type=\"xsd:string\">esx1</val></changeSet>"
                + "<changeSet><name>parent</name><op>assign</op><val xsi:type=\"ManagedObjectReference\""
                + " type=\"ClusterComputeResource\">domain-c1</val></changeSet>"
                + "<changeSet><name>runtime.connectionState</name><op>assign</op>"
                + "<val xsi:type=\"HostSystemConnectionState\">" + state + "</val></changeSet></objectSet>";
    }

    private static final class Heard implements InventoryListener {

        private final BlockingQueue<String> news = new LinkedBlockingQueue<>();
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final CountDownLatch breaks = new CountDownLatch(FAILURES_OF_AN_HOUR);

        private void tell(String what) {
            all.add(what);
            news.add(what);
        }

        private String next() throws InterruptedException {
            return news.take();
        }

        private void await(String what) throws InterruptedException {
            while (!news.take().equals(what)) {
                // what came before does not matter
            }
        }

        @Override
        public void changed(VirtualMachine vm) {
            tell(vm.ref().value() + " " + vm.name());
        }

        @Override
        public void changed(MoRef task, TaskStatus status) {
            tell("%s %s %d %s".formatted(task.value(), status.state(), status.percent(),
                    status.cancelAsked()));
        }

        @Override
        public void changed(Host host) {
            tell("%s in %s %s".formatted(host.name(), host.computeResource().value(), host.connected()));
        }

        @Override
        public void changed(MoRef cluster, Set<MoRef> hosts) {
            tell(cluster.value() + " " + hosts.stream().map(MoRef::value).sorted().toList());
        }

        @Override
        public void removed(MoRef object) {
            tell(object.value() + " gone");
        }

        @Override
        public void interrupted(VCenterException why) {
            breaks.countDown();
        }

        @Override
        public void upToDate() {
            tell("up to date");
        }
    }
}
