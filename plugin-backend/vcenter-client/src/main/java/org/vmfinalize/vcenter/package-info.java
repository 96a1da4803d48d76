/// A typed thin client of vCenter, in vSphere's own terms.
///
/// Start at [VCenterConnector], which opens a session, and [VCenter], which is one. Nothing here shows how the words
/// travel, so that another implementation of [VCenter] could stand behind the same interface.
@NullMarked
package org.vmfinalize.vcenter;

import org.jspecify.annotations.NullMarked;
