package org.vmfinalize.lab;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.backup.ReferenceDisk;

/// Nobody uses the disk: it must become the backup.
///
/// @param expectedSha256 the digest that the backup's maker computed while it wrote; empty if somebody else made it
record NoGuest(LabSite site, FlatFile flatFile, ReferenceDisk reference,
        Optional<String> expectedSha256) implements VmGuest {

    static NoGuest of(LabSite site, FlatFile flatFile, ReferenceDisk reference, Optional<MadeBackup> made) {
        return new NoGuest(site, flatFile, reference, made.map(MadeBackup::sha256));
    }

    @Override
    public void start() {
        // Nothing is to be started.
    }

    @Override
    public OptionalLong bytesPerSecond() {
        return OptionalLong.empty();
    }

    @Override
    public String fares() {
        return "";
    }

    @Override
    public void stop(Proof proof) {
        // Nothing is to be stopped.
    }

    @Override
    public Findings prove(Proof proof) throws IOException {
        var disk = proof.disk(site, flatFile, reference);
        expectedSha256.ifPresent(sha256 -> proof.require(disk.directly().actualSha256().equals(sha256),
                "the disk must have the SHA-256 that the backup's maker computed, " + sha256));
        return new Findings(Optional.empty(), Optional.empty(), Optional.of(disk), Optional.empty());
    }

    @Override
    public void close() throws IOException {
        reference.close();
    }
}
