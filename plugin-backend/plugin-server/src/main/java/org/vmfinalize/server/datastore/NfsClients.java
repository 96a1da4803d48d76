package org.vmfinalize.server.datastore;

import java.net.InetAddress;
import java.util.List;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.ClientRule;

/// Which hosts may mount which datastore, as the settings say.
@Component
class NfsClients {

    private final NfsSettings settings;
    private final Datastores datastores;

    NfsClients(NfsSettings settings, Datastores datastores) {
        this.settings = settings;
        this.datastores = datastores;
    }

    /// @throws IllegalArgumentException if a rule has another form
    List<ClientRule> of(Datastore datastore) {
        try {
            return datastores.clients(datastore).orElse(settings.clients()).stream().map(ClientRule::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "datastore '%s': %s; change the clients in vmfinalize.nfs or of the datastore"
                            .formatted(datastore.name(), e.getMessage()),
                    e);
        }
    }

    /// @param address an IP address; any other text is allowed nothing
    boolean allows(Datastore datastore, String address) {
        try {
            var client = InetAddress.ofLiteral(address);
            return of(datastore).stream().anyMatch(rule -> rule.network().contains(client));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
