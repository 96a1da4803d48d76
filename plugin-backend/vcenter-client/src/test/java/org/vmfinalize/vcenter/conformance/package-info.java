/// What every vCenter must answer, tried on one that is there. Start at [ConformanceTest].
@NullMarked
package org.vmfinalize.vcenter.conformance;

import org.jspecify.annotations.NullMarked;
