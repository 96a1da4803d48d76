/// Amounts as people write them: sizes, rates and times.
@NullMarked
package org.vmfinalize.units;

import org.jspecify.annotations.NullMarked;
