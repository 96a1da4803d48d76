package org.vmfinalize.disk;

/// Why a block became local.
enum Origin {
    /// Copied from the backup.
    BACKUP(0),
    /// Written by the guest.
    GUEST(1),
    /// Known to be zeros.
    ZERO(2);

    static final int COUNT = 3;

    private final int code;

    Origin(int code) {
        this.code = code;
    }

    /// How it is stored, from 0 to [#COUNT], exclusive.
    int code() {
        return code;
    }

    /// The origin that is stored as `code`, which must be one.
    static Origin of(int code) {
        return switch (code) {
            case 0 -> BACKUP;
            case 1 -> GUEST;
            case 2 -> ZERO;
            default -> throw new IllegalArgumentException("origin: must be 0 to 2 but was " + code);
        };
    }
}
