/// What a program's user sees in a terminal: lines, tables, and a bar while something goes on.
@NullMarked
package org.vmfinalize.terminal;

import org.jspecify.annotations.NullMarked;
