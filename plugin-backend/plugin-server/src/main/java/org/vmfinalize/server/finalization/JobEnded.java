package org.vmfinalize.server.finalization;

/// A job has come to its end, well or not.
record JobEnded(String id) {}
