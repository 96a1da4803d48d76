/// Folders of this server as a place: [LocalPlace]. What an image refers to must lie in its own folder.
@NullMarked
package org.vmfinalize.places.local;

import org.jspecify.annotations.NullMarked;
