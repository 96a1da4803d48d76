/// User names, passwords, tokens and keys for places: [Secrets]. They come from a file or the environment, and are shown to
/// nobody.
@NullMarked
package org.vmfinalize.places.secret;

import org.jspecify.annotations.NullMarked;
