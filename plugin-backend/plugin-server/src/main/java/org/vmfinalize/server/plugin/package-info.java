/// What the vSphere Client and vCenter want of a plugin: the answers for its menus, and the registration.
@NullMarked
package org.vmfinalize.server.plugin;

import org.jspecify.annotations.NullMarked;
