/// The lab: one command that shows a VM which runs from a backup become a regular one, on one machine.
///
/// Start at [Lab]. It starts the stand-ins for vCenter, vSphere Client and the guest in this process and the product as
/// a process of its own, and talks to the product by its REST API and by NFS only.
@NullMarked
package org.vmfinalize.lab;

import org.jspecify.annotations.NullMarked;
