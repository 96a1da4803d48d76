package org.vmfinalize.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.MoRef;

/// What is known of hosts as clients of NFS: their addresses, and which of them have lost a datastore.
class HostsTest {

    private static final MoRef HOST = new MoRef("HostSystem", "host-1");

    private final FakeVCenter fake = new FakeVCenter();

    @AfterEach
    void stop() {
        fake.close();
    }

    private static String object(MoRef ref, String properties) {
        return "<returnval><objects><obj type=\"%s\">%s</obj>%s</objects></returnval>".formatted(ref.type(),
                ref.value(), properties);
    }

    private static String property(String name, String type, String value) {
        return "<propSet><name>%s</name><val xsi:type=\"%s\">%s</val></propSet>".formatted(name, type, value);
    }

    private static String adapter(String ip) {
        return "<HostVirtualNic><device>vmk</device><key>k</key><portgroup></portgroup><spec>" + ip
                + "<mac>00:50:56:00:00:01</mac></spec></HostVirtualNic>";
    }

    @Test
    void theAddressesOfItsAdaptersAreTold() {
        fake.answer("RetrievePropertiesEx", object(HOST, property("config.network.vnic",
                "ArrayOfHostVirtualNic",
                adapter("<ip><dhcp>false</dhcp><ipAddress>192.0.2.7</ipAddress><subnetMask>255.255.255.0"
                        + "</subnetMask><ipV6Config><ipV6Address><ipAddress>2001:db8::7</ipAddress>"
                        + "<prefixLength>64</prefixLength></ipV6Address></ipV6Config></ip>")
                        + adapter("") + adapter("<ip><dhcp>true</dhcp></ip>"))));

        assertThat(fake.login().addresses(HOST)).containsExactly("192.0.2.7", "2001:db8::7");
        assertThat(fake.requests("RetrievePropertiesEx").getLast().getBodyAsString())
                .contains("<type>HostSystem</type><pathSet>config.network.vnic</pathSet>");
    }

    @Test
    void aHostThatIsNotConnectedTellsNone() {
        fake.answer("RetrievePropertiesEx", object(HOST, ""));

        assertThat(fake.login().addresses(HOST)).isEmpty();
    }

    @Test
    void aHostThatHasLostADatastoreIsNamed() {
        fake.answer("CreateContainerView", "<returnval type=\"ContainerView\">view-1</returnval>");
        fake.answer("DestroyView", "");
        fake.answer("RetrievePropertiesEx", object(new MoRef("Datastore", "datastore-1"), property("host",
                "ArrayOfDatastoreHostMount",
                mount("host-1", "<mounted>true</mounted><accessible>true</accessible>")
                        + mount("host-2",
                                "<mounted>true</mounted><accessible>false</accessible><inaccessibleReason>AllPathsDown_Start</inaccessibleReason>")
                        + mount("host-3", "<mounted>false</mounted><accessible>false</accessible>"))));

        assertThat(fake.login().datastores()).singleElement()
                .returns(List.of(HOST, new MoRef("HostSystem", "host-2")), Datastore::hosts)
                .returns(List.of(new MoRef("HostSystem", "host-2")), Datastore::cutOff);
    }

    private static String mount(String host, String info) {
        return "<DatastoreHostMount><key type=\"HostSystem\">" + host + "</key><mountInfo><path>/p</path>"
                + "<accessMode>readWrite</accessMode>" + info + "</mountInfo></DatastoreHostMount>";
    }
}
