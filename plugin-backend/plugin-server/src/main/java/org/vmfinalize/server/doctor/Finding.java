package org.vmfinalize.server.doctor;

/// Something that is not as it should be.
///
/// @param kind       `half-made-vm`, `unused-mount`, `forgotten-mount`, `unknown-vm`, `missing-vm`, `host-without-datastore`,
///                   `unserved-mount` or `inactive-nfs`
/// @param subject    which thing
/// @param detail     what is wrong with it, and what to do
/// @param repairable whether a repair takes it away
/// @param repaired   whether it was
record Finding(String kind, String subject, String detail, boolean repairable, boolean repaired) {

    static Finding ours(String kind, String subject, String detail) {
        return new Finding(kind, subject, detail, true, false);
    }

    static Finding toLookAt(String kind, String subject, String detail) {
        return new Finding(kind, subject, detail, false, false);
    }

    Finding done() {
        return new Finding(kind, subject, detail, true, true);
    }

    Finding notDone(String why) {
        return new Finding(kind, subject, detail + "; not repaired: " + why, true, false);
    }
}
