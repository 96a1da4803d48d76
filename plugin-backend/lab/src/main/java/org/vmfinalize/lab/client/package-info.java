/// A small vSphere Client: the page where the lab's inventory, the plugin and its tasks are seen and used.
///
/// Start at [LabClient]. It shows what a [VSphere] tells it and publishes the registered plugins' servers behind its
/// own origin, as vCenter's reverse proxy does; it knows nothing of what a plugin is for.
@NullMarked
package org.vmfinalize.lab.client;

import org.jspecify.annotations.NullMarked;
