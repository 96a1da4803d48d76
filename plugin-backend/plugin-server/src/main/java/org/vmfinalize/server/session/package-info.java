/// Who is asking: the exchange of tokens for sessions with vCenter, and the privileges that go with them.
///
/// Start at [Sessions]. Every controller method needs a session unless it is marked [WithoutSession]; it gets the
/// [Caller] as a request attribute.
@NullMarked
package org.vmfinalize.server.session;

import org.jspecify.annotations.NullMarked;
