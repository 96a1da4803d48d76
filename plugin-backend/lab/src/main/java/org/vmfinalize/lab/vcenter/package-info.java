/// A small vCenter of our own, for trying, developing and testing: it really keeps an inventory, checks what it is asked
/// as a vCenter would, and answers in the same form.
///
/// Start at [LabVCenter]. It shares no XML code with the product's client, so that each is a judge of the other.
@NullMarked
package org.vmfinalize.lab.vcenter;

import org.jspecify.annotations.NullMarked;
