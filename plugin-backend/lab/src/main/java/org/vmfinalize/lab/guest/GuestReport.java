package org.vmfinalize.lab.guest;

import java.time.Duration;
import java.util.Optional;

/// What a guest has done and met so far.
///
/// @param reads operations that returned, every byte compared
/// @param writes operations that were acknowledged
/// @param readBytes their bytes
/// @param writtenBytes their bytes
/// @param errors operations that failed or returned a wrong byte
/// @param firstError the first of them, in one line
/// @param longest the longest operation that no lost connection was in the way of
/// @param p99 what 99 % of those operations did not exceed
/// @param longestInterrupted the longest operation that waited for a server to come back; zero if none did
/// @param reconnects how often the connection was opened again
/// @param sentAgain acknowledged writes that were sent again after a restart of the server
public record GuestReport(long reads, long writes, long readBytes, long writtenBytes, long errors,
        Optional<String> firstError, Duration longest, Duration p99, Duration longestInterrupted,
        int reconnects,
        int sentAgain) {}
