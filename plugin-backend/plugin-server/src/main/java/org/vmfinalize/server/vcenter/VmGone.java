package org.vmfinalize.server.vcenter;

import org.vmfinalize.vcenter.MoRef;

/// A machine that is followed is not in vCenter's inventory any more, whoever took it out.
public record VmGone(MoRef vm) {}
