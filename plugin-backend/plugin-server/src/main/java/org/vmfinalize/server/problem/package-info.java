/// What the REST API answers when something cannot be done: problem details as in RFC 9457.
///
/// A feature throws [Problem]; [ProblemAdvice] and [ErrorPage] turn that, and whatever else goes wrong, into JSON.
@NullMarked
package org.vmfinalize.server.problem;

import org.jspecify.annotations.NullMarked;
