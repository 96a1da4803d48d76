/// Files that are replaced as a whole.
@NullMarked
package org.vmfinalize.server.file;

import org.jspecify.annotations.NullMarked;
