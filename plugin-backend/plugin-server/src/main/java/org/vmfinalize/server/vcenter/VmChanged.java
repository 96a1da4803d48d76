package org.vmfinalize.server.vcenter;

import org.vmfinalize.vcenter.VirtualMachine;

/// vCenter shows a machine that is followed otherwise than before, or for the first time.
public record VmChanged(VirtualMachine vm) {}
