/// A directory of disks: ordinary files, and live disks with what is known of them.
///
/// Start at [Datastore]. It lays down the live disks of an instant VM, finds them again after a restart and holds the
/// backup open for them. It uses [org.vmfinalize.disk] and knows neither formats nor NFS.
@NullMarked
package org.vmfinalize.datastore;

import org.jspecify.annotations.NullMarked;
