package org.vmfinalize.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.MoRef;

/// What keeps a host from letting go of a datastore.
class ObstaclesTest {

    private static final MoRef HOST = new MoRef("HostSystem", "host-8");
    private static final MoRef STORE = new MoRef("Datastore", "datastore-9");

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    /// One answer for all that is read: an object has only those of these that it was asked for.
    private void properties(String parentType, boolean ioControl) {
        fake.answer("RetrievePropertiesEx", "<returnval><objects><obj type=\"Any\">any-1</obj>"
                + "<propSet><name>vm</name><val xsi:type=\"ArrayOfManagedObjectReference\">"
                + "<ManagedObjectReference type=\"VirtualMachine\">vm-1</ManagedObjectReference></val></propSet>"
                + "<propSet><name>name</name><val xsi:type=\"xsd:string\">web%2f01</val></propSet>"
                + "<propSet><name>runtime.host</name><val type=\"HostSystem\" xsi:type=\"ManagedObjectReference\">host-8</val></propSet>"
                + "<propSet><name>iormConfiguration</name><val xsi:type=\"StorageIORMInfo\"><enabled>"
                + ioControl
                + "</enabled><congestionThreshold>30</congestionThreshold></val></propSet>"
                + "<propSet><name>podStorageDrsEntry.storageDrsConfig.podConfig.enabled</name><val xsi:type=\"xsd:boolean\">true</val></propSet>"
                + "<propSet><name>parent</name><val type=\"" + parentType
                + "\" xsi:type=\"ManagedObjectReference\">group-1</val></propSet></objects></returnval>");
    }

    @Test
    void machinesStorageIoControlAndStorageDrsAreNamed() {
        properties("StoragePod", true);

        var found = fake.login().unmountObstacles(HOST, STORE);

        assertThat(found.machines()).containsExactly("web/01");
        assertThat(found.storageIoControl()).isTrue();
        assertThat(found.storageDrs()).contains("web/01");
        assertThat(found.heartbeat()).isFalse();
    }

    @Test
    void theHeartbeatsOfAClusterAreAskedFor() {
        properties("ClusterComputeResource", false);
        fake.answer("RetrieveDasAdvancedRuntimeInfo", "<returnval xsi:type=\"ClusterDasAdvancedRuntimeInfo\">"
                + "<dasHostInfo/><heartbeatDatastoreInfo><datastore type=\"Datastore\">datastore-9</datastore>"
                + "<hosts type=\"HostSystem\">host-8</hosts></heartbeatDatastoreInfo></returnval>");

        var found = fake.login().unmountObstacles(HOST, STORE);

        assertThat(found.heartbeat()).isTrue();
        assertThat(found.storageIoControl()).isFalse();
        assertThat(found.storageDrs()).isEmpty();
    }

    @Test
    void aServerThatDoesNotKnowHeartbeatsHasNone() {
        properties("ClusterComputeResource", false);
        fake.call("RetrieveDasAdvancedRuntimeInfo", FakeVCenter.fault("MethodNotFound", ""));

        assertThat(fake.login().unmountObstacles(HOST, STORE).heartbeat()).isFalse();
    }
}
