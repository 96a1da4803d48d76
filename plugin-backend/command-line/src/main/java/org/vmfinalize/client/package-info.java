/// The plugin server's REST API for Java: what the command line and the Groovy console are made of.
///
/// Start at [Api]. It knows the API's paths and forms, and nothing of the server's code.
@NullMarked
package org.vmfinalize.client;

import org.jspecify.annotations.NullMarked;
