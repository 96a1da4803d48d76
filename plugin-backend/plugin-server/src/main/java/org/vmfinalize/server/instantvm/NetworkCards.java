package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.VirtualHardware.CardType;
import org.vmfinalize.vcenter.VirtualHardware.NetworkCard;

/// Connects the network cards of a new machine: to the network that the request puts in the place of the original's, else
/// to one of the same name, else to none.
final class NetworkCards {

    private final VmStartRequest request;
    private final List<Network> networks;
    private final Destinations destinations;
    private final List<String> warnings;

    /// @param networks those that can be had at the destination
    /// @param warnings takes what people should know
    NetworkCards(VmStartRequest request, List<Network> networks, Destinations destinations,
            List<String> warnings) {
        this.request = request;
        this.networks = networks;
        this.destinations = destinations;
        this.warnings = warnings;
    }

    /// @throws org.vmfinalize.server.problem.Problem NETWORK_NOT_FOUND if the request names one that there is not
    List<NetworkCard> of(Optional<Hardware> original) {
        // Names that no card has are looked at as well: they are a mistake that would else go unseen.
        request.networkMap().values().forEach(this::find);
        request.networkForOthers().ifPresent(this::find);
        var adapters = original.map(Hardware::networkAdapters).orElseGet(this::oneIfAskedFor);
        var cards = new ArrayList<NetworkCard>();
        for (int i = 0; i < adapters.size(); i++) {
            card(adapters.get(i), i).ifPresent(cards::add);
        }
        return cards;
    }

    /// A backup that does not describe its machine says nothing of cards.
    private List<NetworkAdapter> oneIfAskedFor() {
        return request.networkForOthers().isPresent()
                ? List.of(new NetworkAdapter(NetworkAdapter.Type.VMXNET3, Optional.empty(), Optional.empty()))
                : List.of();
    }

    private Optional<NetworkCard> card(NetworkAdapter adapter, int index) {
        var wanted = adapter.network().map(request.networkMap()::get)
                .or(request::networkForOthers).map(this::find);
        var target = wanted.or(() -> adapter.network().flatMap(this::sameName));
        boolean disconnected = request.disconnected();
        if (target.isEmpty() && networks.isEmpty()) {
            warnings.add("network card %d: left out, since the host has no network".formatted(index + 1));
            return Optional.empty();
        }
        if (target.isEmpty() && !disconnected) {
            warnings.add(
                    "network card %d: not connected, since the host has no network '%s'; map it to another one"
                            .formatted(index + 1, adapter.network().orElse("(not known)")));
        }
        return Optional.of(new NetworkCard(type(adapter.type()), target.orElse(networks.getFirst()),
                Boolean.TRUE.equals(request.keepMacs()) ? adapter.mac() : Optional.empty(),
                target.isPresent() && !disconnected));
    }

    private Network find(String name) {
        return destinations.one(name, "network", ProblemType.NETWORK_NOT_FOUND, networks, Network::ref,
                Network::name);
    }

    private Optional<Network> sameName(String name) {
        return networks.stream().filter(network -> network.name().equals(name)).findFirst();
    }

    private static CardType type(NetworkAdapter.Type type) {
        return switch (type) {
            case VMXNET3 -> CardType.VMXNET3;
            case VMXNET2 -> CardType.VMXNET2;
            case E1000 -> CardType.E1000;
            case E1000E -> CardType.E1000E;
            case PCNET32 -> CardType.PCNET32;
        };
    }
}
