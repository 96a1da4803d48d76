/// The description of the REST API in the form of OpenAPI 3.1, made from the controllers and records themselves.
///
/// Start at [ApiDescription].
@NullMarked
package org.vmfinalize.server.openapi;

import org.jspecify.annotations.NullMarked;
