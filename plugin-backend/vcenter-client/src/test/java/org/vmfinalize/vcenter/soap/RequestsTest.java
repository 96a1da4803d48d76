package org.vmfinalize.vcenter.soap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.TaskPhrase;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterFault;

/// What a vCenter is asked, to the letter, where no recorded exchange and no other test of this folder shows it.
class RequestsTest {

    private static final MoRef VM = MoRef.virtualMachine("vm-51");
    private static final MoRef HOST = new MoRef("HostSystem", "host-8");
    private static final MoRef STORE = new MoRef("Datastore", "datastore-9");
    private static final EventAlarm ALARM = new EventAlarm("Lost", "Its backup is away", "e.lost", "e.back");
    private static final Pattern CALLED = Pattern.compile("Call\\.of\\(\"(\\w+)\"");

    private static final String ALARM_SPEC = "<spec><name>Lost</name><description>Its backup is away</description>"
            + "<enabled>true</enabled><expression xsi:type=\"OrAlarmExpression\">"
            + event("e.lost", "red") + event("e.back", "green") + "</expression>"
            + "<setting><toleranceRange>0</toleranceRange><reportingFrequency>0</reportingFrequency></setting></spec>";

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    private static String event(String type, String status) {
        return "<expression xsi:type=\"EventAlarmExpression\"><eventType>EventEx</eventType><eventTypeId>"
                + type
                + "</eventTypeId><objectType>VirtualMachine</objectType><status>" + status
                + "</status></expression>";
    }

    /// @param read what every property collector answers, if the method reads before it calls
    record Asked(String method, String read, Consumer<VCenter> how, String parameters) {

        @Override
        public String toString() {
            return method;
        }
    }

    static Stream<Asked> calls() {
        return Stream.of(
                new Asked("CreateTask", "",
                        vc -> vc.createTask(VM, "org.vmfinalize.finalize", "CORP\\bob", true),
                        "<_this type=\"TaskManager\">TaskManager</_this><obj type=\"VirtualMachine\">vm-51</obj>"
                                + "<taskTypeId>org.vmfinalize.finalize</taskTypeId>"
                                + "<initiatedBy>CORP\\bob</initiatedBy><cancelable>true</cancelable>"),
                new Asked("SetTaskDescription", "",
                        vc -> vc.task(new MoRef("Task", "task-7"), "org.vmfinalize.finalize").describe(
                                new TaskPhrase("a.key", Map.of("disks", "3", "disk", "2"), "Disk 2 of 3")),
                        "<_this type=\"Task\">task-7</_this><description><key>a.key</key>"
                                + "<arg><key>disk</key><value xsi:type=\"xsd:string\">2</value></arg>"
                                + "<arg><key>disks</key><value xsi:type=\"xsd:string\">3</value></arg>"
                                + "<message>Disk 2 of 3</message></description>"),
                new Asked("CancelTask", "", vc -> vc.cancelTask(new MoRef("Task", "task-8")),
                        "<_this type=\"Task\">task-8</_this>"),
                new Asked("Destroy_Task", "", vc -> vc.destroy(VM),
                        "<_this type=\"VirtualMachine\">vm-51</_this>"),
                new Asked("RemoveDatastore",
                        property("configManager.datastoreSystem", reference("HostDatastoreSystem", "ds-8")),
                        vc -> vc.unmount(HOST, STORE), "<_this type=\"HostDatastoreSystem\">ds-8</_this>"
                                + "<datastore type=\"Datastore\">datastore-9</datastore>"),
                new Asked("QueryConfigOptionDescriptor",
                        property("environmentBrowser", reference("EnvironmentBrowser", "browser-1")),
                        vc -> vc.hardwareVersions(new MoRef("ComputeResource", "domain-7")),
                        "<_this type=\"EnvironmentBrowser\">browser-1</_this>"),
                new Asked("RetrieveDasAdvancedRuntimeInfo",
                        property("parent", reference("ClusterComputeResource", "domain-c7")),
                        vc -> vc.unmountObstacles(HOST, STORE),
                        "<_this type=\"ClusterComputeResource\">domain-c7</_this>"),
                new Asked("GetAlarm", "", vc -> vc.findAlarm("Lost"),
                        "<_this type=\"AlarmManager\">AlarmManager</_this><entity type=\"Folder\">group-d1</entity>"),
                new Asked("CreateAlarm", alarmNamed("another"), vc -> vc.defineAlarm(ALARM),
                        "<_this type=\"AlarmManager\">AlarmManager</_this><entity type=\"Folder\">group-d1</entity>"
                                + ALARM_SPEC),
                new Asked("ReconfigureAlarm", alarmNamed("Lost"), vc -> vc.defineAlarm(ALARM),
                        "<_this type=\"Alarm\">alarm-1</_this>" + ALARM_SPEC),
                new Asked("RemoveAlarm", alarmNamed("Lost"), vc -> vc.removeAlarm("Lost"),
                        "<_this type=\"Alarm\">alarm-1</_this>"),
                new Asked("RemoveCustomFieldDef",
                        property("field",
                                "<val xsi:type=\"ArrayOfCustomFieldDef\"><CustomFieldDef><key>7</key>"
                                        + "<name>a</name><type>string</type><managedObjectType>VirtualMachine</managedObjectType>"
                                        + "</CustomFieldDef></val>"),
                        vc -> vc.removeAttribute("a"),
                        "<_this type=\"CustomFieldsManager\">CustomFieldsManager</_this><key>7</key>"),
                new Asked("PostEvent", property("name", "<val xsi:type=\"xsd:string\">esx1</val>"),
                        vc -> vc.postEvent(HOST,
                                new ExtensionEvent("e.lacks", ExtensionEvent.Severity.WARNING, "Lacks it",
                                        Map.of("datastore", "ds1"))),
                        "<_this type=\"EventManager\">EventManager</_this><eventToPost xsi:type=\"EventEx\">"
                                + "<key>0</key><chainId>0</chainId><createdTime>1970-01-01T00:00:00Z</createdTime>"
                                + "<userName></userName>"
                                + "<host><name>esx1</name><host type=\"HostSystem\">host-8</host></host>"
                                + "<eventTypeId>e.lacks</eventTypeId><severity>warning</severity>"
                                + "<message>Lacks it</message><arguments><key>datastore</key>"
                                + "<value xsi:type=\"xsd:string\">ds1</value></arguments><objectId>host-8</objectId>"
                                + "<objectType>HostSystem</objectType><objectName>esx1</objectName></eventToPost>"),
                new Asked("CheckRelocate_Task", "",
                        vc -> vc.checkRelocation(VM, new Relocation(STORE, List.of())),
                        "<_this type=\"VirtualMachineProvisioningChecker\">checker</_this>"
                                + "<vm type=\"VirtualMachine\">vm-51</vm>"
                                + "<spec><datastore type=\"Datastore\">datastore-9</datastore></spec>"),
                new Asked("Logout", "", VCenter::close,
                        "<_this type=\"SessionManager\">SessionManager</_this>"));
    }

    private static String alarmNamed(String name) {
        return "<returnval><objects><obj type=\"Alarm\">alarm-1</obj><propSet><name>info</name>"
                + "<val xsi:type=\"AlarmInfo\"><name>" + name
                + "</name></val></propSet></objects></returnval>";
    }

    private static String property(String path, String value) {
        return "<returnval><objects><obj type=\"Any\">any-1</obj><propSet><name>" + path + "</name>" + value
                + "</propSet></objects></returnval>";
    }

    private static String reference(String type, String id) {
        return "<val type=\"" + type + "\" xsi:type=\"ManagedObjectReference\">" + id + "</val>";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void isAskedToTheLetter(Asked asked) {
        fake.answer("RetrieveServiceContent", FakeVCenter.SERVICES.replace("<taskManager",
                "<vmProvisioningChecker type=\"VirtualMachineProvisioningChecker\">checker</vmProvisioningChecker><taskManager"));
        fake.answer("RetrievePropertiesEx", asked.read());
        fake.answer("GetAlarm", "<returnval type=\"Alarm\">alarm-1</returnval>");
        fake.call(asked.method(), FakeVCenter.fault("InvalidState", ""));
        var vcenter = fake.login();

        try {
            asked.how().accept(vcenter);
        } catch (VCenterFault _) {
            // What it is answered does not matter here.
        }

        assertThat(fake.requests(asked.method())).first().satisfies(request -> {
            assertThat(request.getUrl()).isEqualTo("/sdk");
            assertThat(request.getHeader("SOAPAction")).isEqualTo("\"urn:vim25/8.0.2.0\"");
            assertThat(request.getHeader("Content-Type")).isEqualToIgnoringCase("text/xml; charset=utf-8");
            assertThat(request.getHeader("Cookie")).isEqualTo(FakeVCenter.COOKIE);
            assertThat(parameters(request.getBody(), asked.method())).isEqualTo(asked.parameters());
        });
    }

    /// What the envelope of a call has between the method's tags, with prefixes as in the tests.
    private static String parameters(byte[] envelope, String method) {
        var text = new String(envelope, UTF_8);
        var open = "<" + method + " xmlns=\"urn:vim25\">";
        assertThat(text).contains(open);
        return text.substring(text.indexOf(open) + open.length(), text.indexOf("</" + method + ">"))
                .replace(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"", "")
                .replace(" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"", "").replace("\"xs:", "\"xsd:");
    }

    @Test
    void theServerIsAskedForItsManagersWithoutASession() {
        fake.login();

        assertThat(fake.requests("RetrieveServiceContent")).singleElement().satisfies(request -> {
            assertThat(request.containsHeader("Cookie")).isFalse();
            assertThat(parameters(request.getBody(), "RetrieveServiceContent"))
                    .isEqualTo("<_this type=\"ServiceInstance\">ServiceInstance</_this>");
        });
    }

    @Test
    void anUpdatedExtensionIsSentWhole() {
        fake.answer("FindExtension", "");
        fake.answer("UpdateExtension", "");
        var extension = new Extension("org.vmfinalize", "1.0.0.0", "vm-finalize", "VM Finalize",
                "Makes it permanent",
                List.of(), List.of(), List.of("t"), List.of(), List.of("f"), List.of(), List.of(), List.of());

        fake.login().updateExtension(extension);

        assertThat(parameters(fake.requests("UpdateExtension").getFirst().getBody(), "UpdateExtension"))
                .matches("<_this type=\"ExtensionManager\">ExtensionManager</_this><extension>"
                        + "<description><label>VM Finalize</label><summary>Makes it permanent</summary></description>"
                        + "<key>org.vmfinalize</key><company>vm-finalize</company><version>1\\.0\\.0\\.0</version>"
                        + "<taskList><taskID>t</taskID></taskList><faultList><faultID>f</faultID></faultList>"
                        + "<lastHeartbeatTime>[-0-9T:.]+Z</lastHeartbeatTime>"
                        + "<shownInSolutionManager>false</shownInSolutionManager></extension>");
    }

    /// A method that is called by the client and by no test of its requests is one that nobody has looked at.
    @Test
    void everyMethodThatTheClientCallsIsNamedByATest() throws IOException {
        var called = texts(Path.of("src/main/java")).flatMap(text -> CALLED.matcher(text).results())
                .map(call -> call.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertThat(called).hasSizeGreaterThan(40);

        var tests = texts(Path.of("src/test/java/org/vmfinalize/vcenter/soap")).toList();
        Set<String> unseen = called.stream().filter(method -> tests.stream()
                .noneMatch(text -> text.contains("\"" + method + "\"") || text.contains("<" + method)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unseen).isEmpty();
    }

    private static Stream<String> texts(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            var texts = Stream.<String>builder();
            for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                texts.add(Files.readString(file));
            }
            return texts.build();
        }
    }
}
