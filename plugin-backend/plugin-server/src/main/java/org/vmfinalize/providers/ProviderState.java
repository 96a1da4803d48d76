package org.vmfinalize.providers;

/// How a provider bundle is.
public enum ProviderState {
    /// Its formats open backups.
    ACTIVE,
    /// It could not be installed or started.
    FAILED,
    /// Replaced or removed, and kept for the backups that it has open.
    RETIRING
}
