/// A complete small backup format: a raw image that was cut into parts, as by `split -b 1G disk.raw disk.raw.`, and a list
/// of these parts.
///
/// Start at [SplitFormat]. `docs/writing-a-format.md` explains it step by step.
@NullMarked
package org.example.split;

import org.jspecify.annotations.NullMarked;
