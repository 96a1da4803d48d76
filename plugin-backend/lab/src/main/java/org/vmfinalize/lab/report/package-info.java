/// What a run of the lab proved, for people and as JSON.
///
/// Start at [LabReport].
@NullMarked
package org.vmfinalize.lab.report;

import org.jspecify.annotations.NullMarked;
