/// Shows which bundles of backup formats are loaded, and what is wrong with the others.
@NullMarked
package org.vmfinalize.server.provider;

import org.jspecify.annotations.NullMarked;
