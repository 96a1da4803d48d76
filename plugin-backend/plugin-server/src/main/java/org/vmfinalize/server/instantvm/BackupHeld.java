package org.vmfinalize.server.instantvm;

/// A machine has begun to run from its backup.
public record BackupHeld(InstantVm vm) {}
