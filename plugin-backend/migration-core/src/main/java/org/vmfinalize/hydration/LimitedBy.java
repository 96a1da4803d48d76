package org.vmfinalize.hydration;

import java.util.Locale;

/// What keeps a machine from being hydrated faster at the moment.
public enum LimitedBy {
    /// Nothing is being hydrated.
    NOTHING,
    /// Reading the backup, which lies on this server's file systems.
    BACKUP,
    /// Reading the backup, which lies behind a network.
    NETWORK,
    /// Writing to the datastore.
    DATASTORE,
    /// The guest, who shall not be slowed down.
    GUEST,
    /// The limit that a user has set.
    LIMIT;

    /// The form in texts, in lower case.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
