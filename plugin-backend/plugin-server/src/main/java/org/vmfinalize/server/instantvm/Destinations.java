package org.vmfinalize.server.instantvm;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.ComputeResource;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;

/// Finds the places that a request names, as far as the caller may see them.
final class Destinations {

    private static final int MAX_SHOWN = 8;

    private final Caller caller;

    Destinations(Caller caller) {
        this.caller = caller;
    }

    /// @throws Problem that names what there is not, or what cannot be used, and what there is instead
    Destination find(VmStartRequest request) {
        var hosts = caller.ask(vcenter -> vcenter.hosts());
        var pool = Optional.ofNullable(named(request.resourcePool()))
                .map(name -> one(name, "resource pool", ProblemType.RESOURCE_POOL_NOT_FOUND,
                        caller.ask(vcenter -> vcenter.resourcePools()), found -> found.ref(),
                        found -> found.name()));
        var host = Optional.ofNullable(named(request.host())).map(name -> usable(one(name, "host",
                ProblemType.HOST_NOT_FOUND, hosts, Host::ref, Host::name)));
        var computeResource = computeResource(request, hosts, host, pool.map(found -> found.owner()));
        var usable = host.map(List::of).orElseGet(() -> hosts.stream()
                .filter(one -> one.computeResource().equals(computeResource.ref()) && one.isUsable())
                .sorted(Comparator.comparing(Host::name)).toList());
        if (usable.isEmpty()) {
            throw new Problem(ProblemType.HOST_NOT_USABLE,
                    "cluster '%s': it has no host that is connected and not in maintenance mode; connect one, or choose another cluster"
                            .formatted(computeResource.name()));
        }
        var neighbours = hosts.stream()
                .filter(one -> one.computeResource().equals(computeResource.ref()) && one.connected())
                .toList();
        var refs = usable.stream().map(Host::ref).toList();
        var networks = caller.ask(vcenter -> vcenter.networks()).stream()
                .filter(network -> network.hosts().stream().anyMatch(refs::contains)).toList();
        return new Destination(computeResource.ref(), usable, neighbours,
                pool.map(found -> found.ref()).orElse(computeResource.resourcePool()),
                folder(request, computeResource), networks);
    }

    private ComputeResource computeResource(VmStartRequest request, List<Host> hosts, Optional<Host> host,
            Optional<MoRef> poolOwner) {
        var all = caller.ask(vcenter -> vcenter.computeResources());
        var cluster = Optional.ofNullable(named(request.cluster()))
                .map(name -> one(name, "cluster", ProblemType.CLUSTER_NOT_FOUND,
                        all.stream().filter(ComputeResource::cluster).toList(), ComputeResource::ref,
                        ComputeResource::name));
        var wanted = cluster.map(ComputeResource::ref).or(() -> host.map(Host::computeResource))
                .or(() -> poolOwner)
                .orElseGet(() -> hosts.stream().filter(Host::isUsable).min(Comparator.comparing(Host::name))
                        .map(Host::computeResource)
                        .orElseThrow(() -> new Problem(ProblemType.HOST_NOT_USABLE,
                                "hosts: vCenter shows %s none that is connected and not in maintenance mode; connect one, or have it shown"
                                        .formatted(caller.userName()))));
        host.filter(one -> !one.computeResource().equals(wanted)).ifPresent(one -> {
            throw new Problem(ProblemType.HOST_NOT_FOUND,
                    "host '%s': it is not in the cluster '%s'; name one of the two".formatted(one.name(),
                            request.cluster()));
        });
        poolOwner.filter(owner -> !owner.equals(wanted)).ifPresent(_ -> {
            throw new Problem(ProblemType.RESOURCE_POOL_NOT_FOUND,
                    "resource pool '%s': it belongs to another cluster or host; choose one of the same"
                            .formatted(request.resourcePool()));
        });
        return all.stream().filter(one -> one.ref().equals(wanted)).findFirst()
                .orElseThrow(() -> new Problem(ProblemType.CLUSTER_NOT_FOUND,
                        "cluster %s: vCenter does not show it to %s; have it shown, or choose another host"
                                .formatted(wanted.value(), caller.userName())));
    }

    private MoRef folder(VmStartRequest request, ComputeResource computeResource) {
        var root = caller.ask(vcenter -> vcenter.vmFolder(computeResource.ref()));
        var name = named(request.folder());
        if (name == null) {
            return root;
        }
        var folders = caller.ask(vcenter -> vcenter.vmFolders());
        var byPath = folders.stream().filter(folder -> folder.path().equals(name)).toList();
        return byPath.size() == 1
                ? byPath.getFirst().ref()
                : one(name, "folder", ProblemType.FOLDER_NOT_FOUND, folders, folder -> folder.ref(),
                        folder -> folder.name()).ref();
    }

    private static Host usable(Host host) {
        if (!host.isUsable()) {
            throw new Problem(ProblemType.HOST_NOT_USABLE,
                    "host '%s': it must be connected and not in maintenance mode but is %s; choose another, or see to it"
                            .formatted(host.name(),
                                    host.connected() ? "in maintenance mode" : "not connected"));
        }
        return host;
    }

    private static @Nullable String named(@Nullable String name) {
        return name == null || name.isBlank() ? null : name.strip();
    }

    /// The one thing of that id or name.
    <T> T one(String wanted, String kind, ProblemType missing, List<T> all, Function<T, MoRef> ref,
            Function<T, String> name) {
        var shown = wanted.length() > 100 ? wanted.substring(0, 100) + "…" : wanted;
        var byId = all.stream().filter(thing -> ref.apply(thing).value().equals(wanted)).findFirst();
        if (byId.isPresent()) {
            return byId.get();
        }
        var byName = all.stream().filter(thing -> name.apply(thing).equals(wanted)).toList();
        if (byName.size() > 1) {
            throw new Problem(ProblemType.AMBIGUOUS_NAME,
                    "%s '%s': %d have that name; give the id of one: %s".formatted(kind, shown, byName.size(),
                            listed(byName, thing -> ref.apply(thing).value())));
        }
        if (byName.isEmpty()) {
            throw new Problem(missing, "%s '%s': vCenter shows none of that name to %s; %s".formatted(kind,
                    shown, caller.userName(),
                    all.isEmpty() ? "have one shown" : "choose one of " + listed(all, name)));
        }
        return byName.getFirst();
    }

    private static <T> String listed(List<T> all, Function<T, String> text) {
        var some = all.stream().map(text).filter(name -> !name.isEmpty()).sorted().limit(MAX_SHOWN)
                .collect(Collectors.joining(", "));
        return all.size() > MAX_SHOWN ? some + ", …" : some;
    }
}
