package org.vmfinalize.server.discard;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A discard as the API shows it.
///
/// @param id what it is withdrawn by
/// @param state `discarding` or `discarded`
/// @param guestWrittenMiB rounded up to a tenth
/// @param keptFiles the overlays with what the guest changed
/// @param message all that as a sentence
record DiscardView(String id, String vm, String name, String state, long guestWrittenBytes,
        double guestWrittenMiB,
        List<String> keptFiles, String message, Instant startedAt, @Nullable Instant endedAt) {

    private static final double TENTHS_OF_MIB = (1 << 20) / 10.0;

    static DiscardView of(Discard discard) {
        double mebibytes = Math.ceil(discard.guestWrittenBytes() / TENTHS_OF_MIB) / 10;
        var fate = discard.keptFiles().isEmpty()
                ? (mebibytes == 0 ? "" : ", which are gone")
                : ", which are kept in " + String.join(", ", discard.keptFiles());
        return new DiscardView(discard.id(), discard.vmId(), discard.vmName(),
                discard.endedAt() == null ? "discarding" : "discarded", discard.guestWrittenBytes(),
                mebibytes,
                discard.keptFiles(),
                String.format(Locale.ROOT,
                        "VM %s was thrown away; its guest had written %.1f MiB since it was started%s. The original VM and the backup are as they were.",
                        discard.vmName(), mebibytes, fate),
                discard.startedAt(), discard.endedAt());
    }
}
