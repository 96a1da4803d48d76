package org.vmfinalize.lab.vcenter;

import java.util.List;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// Mounting and unmounting datastores.
final class StoreMethods {

    private final World world;

    StoreMethods(World world) {
        this.world = world;
    }

    void addTo(Methods methods) {
        methods.add("CreateNasDatastore", "HostDatastoreSystem", "Host.Config.Storage", this::mount);
        methods.add("RemoveDatastore", "HostDatastoreSystem", "Host.Config.Storage", this::unmount);
        methods.add("RefreshDatastore", "Datastore", Methods.ANY_USER, in -> {
            world.get(in.self());
            return List.of();
        });
    }

    private List<Ref> mount(Invocation in) {
        world.get(in.self());
        var spec = in.request().data("spec");
        String name = spec.text("localPath");
        String remoteHost = spec.text("remoteHost");
        String remotePath = spec.text("remotePath");
        if (name.isEmpty() || remoteHost.isEmpty() || remotePath.isEmpty() || !spec.text("type").equals("NFS")
                || !List.of("readWrite", "readOnly").contains(spec.text("accessMode"))) {
            throw LabFault.invalidArgument("spec");
        }
        var host = Seeds.hostOf(in.self());
        for (var store : world.all(Store.class)) {
            if (store.isExport(remoteHost, remotePath) && store.name().equals(name)
                    && !store.hosts().contains(host)) {
                store.hosts().add(host);
                world.notifyChanged();
                return List.of(store.ref());
            }
            if (store.isExport(remoteHost, remotePath)) {
                throw new LabFault("AlreadyExists", "The specified key, name, or identifier already exists.",
                        "name",
                        store.name());
            }
            if (store.name().equals(name)) {
                throw new LabFault("DuplicateName", "The name '%s' already exists.".formatted(name), "name",
                        name, "object",
                        store.ref());
            }
        }
        var store = world
                .add(new Store(world, world.newRef("Datastore", "datastore"), Seeds.storeFolder(), name,
                        remoteHost, remotePath));
        store.hosts().add(host);
        return List.of(store.ref());
    }

    private List<Ref> unmount(Invocation in) {
        world.get(in.self());
        var store = world.get(in.request().ref("datastore"), Store.class);
        if (world.all(Machine.class).stream().anyMatch(machine -> machine.uses(store.ref()))) {
            throw new LabFault("ResourceInUse", "The resource '%s' is in use.".formatted(store.name()),
                    "type", "Datastore",
                    "name", store.name());
        }
        store.hosts().remove(Seeds.hostOf(in.self()));
        if (store.hosts().isEmpty()) {
            world.remove(store.ref());
        } else {
            world.notifyChanged();
        }
        return List.of();
    }
}
