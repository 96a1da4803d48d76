package org.vmfinalize.lab.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Bytes that look random and are a function of a number, so that they need not be kept to be checked.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, 2014).
public final class Noise {

    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private Noise() {}

    /// Spreads `value` over 64 bits; two different values never give the same result.
    public static long mix(long value) {
        long z = value + GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    /// Fills `length` bytes of `target` from `offset` on; `length` is a multiple of 8.
    public static void fill(byte[] target, int offset, int length, long seed) {
        var words = ByteBuffer.wrap(target, offset, length).order(ByteOrder.LITTLE_ENDIAN);
        long state = mix(seed);
        while (words.hasRemaining()) {
            words.putLong(mix(state));
            state += GOLDEN_GAMMA;
        }
    }
}
