package org.vmfinalize.vcenter.soap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vmfinalize.vcenter.ComputeResource;
import org.vmfinalize.vcenter.Folder;
import org.vmfinalize.vcenter.HardwareVersion;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.ResourcePool;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.Hosts;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;

/// Reads where virtual machines can be put: hosts, clusters, resource pools, folders and networks.
final class ComputeInventory {

    /// What is read of every host.
    static final String[] HOST_PATHS = {"name", "parent", "runtime.connectionState",
            "runtime.inMaintenanceMode"};

    private static final MoRef NONE = new MoRef("", "");

    private final Session session;
    private final Properties properties;

    ComputeInventory(Session session, Properties properties) {
        this.session = session;
        this.properties = properties;
    }

    List<Host> hosts() {
        return properties.ofAll("HostSystem", HOST_PATHS).stream().map(ComputeInventory::host).toList();
    }

    static Host host(Properties.Values host) {
        return new Host(host.ref(), Texts.shownName(host.text("name")),
                host.text("runtime.connectionState").equals("connected"),
                Boolean.TRUE.equals(host.get("runtime.inMaintenanceMode")), reference(host, "parent"));
    }

    /// The hosts of a cluster, of which `host` was read.
    static Set<MoRef> hostsOf(Properties.Values cluster) {
        return Set.copyOf(references(cluster, "host"));
    }

    List<String> addresses(MoRef host) {
        if (!(properties.of(host, "config.network.vnic")
                .get("config.network.vnic") instanceof Hosts.ArrayOfAdapters adapters)) {
            return List.of();
        }
        var found = new ArrayList<String>();
        for (var adapter : adapters.items) {
            var ip = adapter.spec == null ? null : adapter.spec.ip;
            if (ip != null && ip.ipAddress != null) {
                found.add(ip.ipAddress);
            }
            if (ip != null && ip.ipV6Config != null) {
                ip.ipV6Config.ipV6Address.forEach(address -> found.add(Texts.orEmpty(address.ipAddress)));
            }
        }
        return found.stream().filter(address -> !address.isBlank()).toList();
    }

    /// Both kinds are asked for by their own names: a collector that knows nothing of base types finds them, too.
    List<ComputeResource> computeResources() {
        return both("ComputeResource", "ClusterComputeResource", "name", "resourcePool", "host").values()
                .stream()
                .map(found -> new ComputeResource(found.ref(), Texts.shownName(found.text("name")),
                        found.ref().type().equals("ClusterComputeResource"),
                        reference(found, "resourcePool"), references(found, "host")))
                .toList();
    }

    List<ResourcePool> resourcePools() {
        return both("ResourcePool", "VirtualApp", "name", "owner").values().stream()
                .map(pool -> new ResourcePool(pool.ref(), Texts.shownName(pool.text("name")),
                        reference(pool, "owner")))
                .toList();
    }

    List<Folder> vmFolders() {
        var folders = properties.ofAll("Folder", "name", "parent", "childType").stream()
                .filter(folder -> folder.get("childType") instanceof Collector.ArrayOfStrings types
                        && types.items.contains("VirtualMachine"))
                .collect(Collectors.toMap(Properties.Values::ref, Function.identity()));
        return folders.values().stream()
                .map(folder -> new Folder(folder.ref(), Texts.shownName(folder.text("name")),
                        path(folder, folders), reference(folder, "parent")))
                .toList();
    }

    /// The folder of a data centre itself is not a part of the path: people do not see it.
    private static String path(Properties.Values folder, Map<MoRef, Properties.Values> folders) {
        var above = folders.get(reference(folder, "parent"));
        if (above == null) {
            return "";
        }
        var path = path(above, folders);
        var name = Texts.shownName(folder.text("name"));
        return path.isEmpty() ? name : path + "/" + name;
    }

    MoRef vmFolder(MoRef computeResource) {
        var above = computeResource;
        while (!above.type().equals("Datacenter")) {
            above = Texts.reference(properties.of(above, "parent").get("parent"))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "%s: must be below a data centre that the user may see but is not"
                                    .formatted(computeResource.value())));
        }
        return reference(properties.of(above, "vmFolder"), "vmFolder");
    }

    List<Network> networks() {
        var switches = new HashMap<MoRef, String>();
        var groups = properties
                .ofAll("DistributedVirtualPortgroup", "key", "config.distributedVirtualSwitch").stream()
                .collect(Collectors.toMap(Properties.Values::ref, Function.identity()));
        return both("Network", "DistributedVirtualPortgroup", "name", "host").values().stream()
                .map(network -> new Network(network.ref(), Texts.shownName(network.text("name")),
                        Optional.ofNullable(groups.get(network.ref()))
                                .map(group -> new Network.Portgroup(
                                        switches.computeIfAbsent(
                                                reference(group, "config.distributedVirtualSwitch"),
                                                ref -> properties.of(ref, "uuid").text("uuid")),
                                        group.text("key"))),
                        references(network, "host")))
                .toList();
    }

    List<HardwareVersion> hardwareVersions(MoRef computeResource) {
        var browser = Texts
                .reference(properties.of(computeResource, "environmentBrowser").get("environmentBrowser"));
        if (browser.isEmpty()) {
            return List.of();
        }
        var call = Call.of("QueryConfigOptionDescriptor", browser.get());
        try {
            return session.reading(() -> session.send(call, Machines.ConfigOptionDescriptor.class)).stream()
                    .map(option -> new HardwareVersion(Texts.orEmpty(option.key),
                            !Boolean.FALSE.equals(option.createSupported), moRefs(option.host)))
                    .toList();
        } catch (VCenterFault fault) {
            // A server that lacks the method tells nothing; whoever creates a machine will hear what it thinks.
            if (fault.is("MethodNotFound") || fault.is("InvalidRequest") || fault.is("NotSupported")) {
                return List.of();
            }
            throw fault;
        }
    }

    /// The objects of two types of which the second extends the first, each once.
    private Map<MoRef, Properties.Values> both(String base, String extending, String... paths) {
        var found = new HashMap<MoRef, Properties.Values>();
        properties.ofAll(base, paths).forEach(values -> found.put(values.ref(), values));
        properties.ofAll(extending, paths).forEach(values -> found.put(values.ref(), values));
        return found;
    }

    private static MoRef reference(Properties.Values values, String path) {
        return Texts.reference(values.get(path)).orElse(NONE);
    }

    private static List<MoRef> references(Properties.Values values, String path) {
        return values.get(path) instanceof Collector.ArrayOfReferences array
                ? moRefs(array.items)
                : List.of();
    }

    private static List<MoRef> moRefs(List<ManagedObjectReference> references) {
        return references.stream().map(ManagedObjectReference::toMoRef).toList();
    }
}
