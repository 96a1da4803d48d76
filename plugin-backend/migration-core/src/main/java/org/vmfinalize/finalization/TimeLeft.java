package org.vmfinalize.finalization;

import java.time.Duration;

/// How long something will take, as far as can be told: a range in which the end is expected to lie.
///
/// @param atLeast not before
/// @param atMost not after; not less than `atLeast`
public record TimeLeft(Duration atLeast, Duration atMost) {}
