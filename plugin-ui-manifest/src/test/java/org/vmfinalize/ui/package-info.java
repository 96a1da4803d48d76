/// Checks what the plugin ships against the rules of the vSphere Client.
@NullMarked
package org.vmfinalize.ui;

import org.jspecify.annotations.NullMarked;
