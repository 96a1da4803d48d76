package org.vmfinalize.server.vcenter;

import org.vmfinalize.vcenter.Host;

/// How a host that is followed is now.
public record HostChanged(Host host) {}
