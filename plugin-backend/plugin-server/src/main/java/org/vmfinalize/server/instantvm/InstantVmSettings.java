package org.vmfinalize.server.instantvm;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How instant VMs are made.
///
/// @param createGrace for how long vCenter may take to make a machine that it was asked for before a crash; longer than
///        any task of it takes
/// @param managedBy whether vCenter shows machines as managed by us while they run from a backup: with an icon of their own,
///        and a warning before manual operations
@ConfigurationProperties("vmfinalize.instant-vms")
record InstantVmSettings(@DefaultValue("15m") Duration createGrace,
        @DefaultValue("true") boolean managedBy) {}
