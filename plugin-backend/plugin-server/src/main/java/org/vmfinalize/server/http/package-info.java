/// What holds for every request and answer: headers, and how long a request may be.
@NullMarked
package org.vmfinalize.server.http;

import org.jspecify.annotations.NullMarked;
