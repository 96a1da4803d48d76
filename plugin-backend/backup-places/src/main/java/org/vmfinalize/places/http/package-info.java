/// Web servers as a place: [HttpPlace]. Files are read by ranges (RFC 9110, section 14), pinned to one version by
/// preconditions (section 13), from the configured servers alone.
///
/// [Web] sends a request and follows redirects as far as they are allowed; [RangeReply] says what an answer is worth.
@NullMarked
package org.vmfinalize.places.http;

import org.jspecify.annotations.NullMarked;
