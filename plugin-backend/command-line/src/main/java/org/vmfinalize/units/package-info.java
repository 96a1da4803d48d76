/// What people write: sizes, rates, times, and names with slips in them.
@NullMarked
package org.vmfinalize.units;

import org.jspecify.annotations.NullMarked;
