package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hosts and their network.
public final class Hosts {

    private Hosts() {}

    @XmlType(name = "ArrayOfHostVirtualNic", propOrder = {"items"})
    public static class ArrayOfAdapters {
        @XmlElement(name = "HostVirtualNic")
        public List<Adapter> items = new ArrayList<>();
    }

    @XmlType(name = "HostVirtualNic", propOrder = {"spec"})
    public static class Adapter {
        public @Nullable AdapterSpec spec;
    }

    @XmlType(name = "HostVirtualNicSpec", propOrder = {"ip"})
    public static class AdapterSpec {
        public @Nullable IpConfig ip;
    }

    @XmlType(name = "HostIpConfig", propOrder = {"ipAddress", "ipV6Config"})
    public static class IpConfig {
        public @Nullable String ipAddress;
        public @Nullable Ip6Config ipV6Config;
    }

    @XmlType(name = "HostIpConfigIpV6AddressConfiguration", propOrder = {"ipV6Address"})
    public static class Ip6Config {
        public List<Ip6Address> ipV6Address = new ArrayList<>();
    }

    @XmlType(name = "HostIpConfigIpV6Address", propOrder = {"ipAddress"})
    public static class Ip6Address {
        public @Nullable String ipAddress;
    }
}
