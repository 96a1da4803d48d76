package org.vmfinalize.nfs.v3;

import java.security.SecureRandom;

/// The number by which clients see that data which they were told are unstable may have been lost (RFC 1813, 3.3.7): it
/// is another one after each start, and after each sync that failed.
///
/// **Threads:** any number.
final class WriteVerifier {

    static final int BYTES = 8;

    private static final SecureRandom RANDOM = new SecureRandom();

    private volatile long value = RANDOM.nextLong();

    long value() {
        return value;
    }

    void change() {
        value = RANDOM.nextLong();
    }
}
