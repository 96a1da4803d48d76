/// S3 buckets as a place: [S3Place]. Amazon's client library speaks the protocol; other vendors' servers are reached by an
/// endpoint of their own. An object is pinned by its ETag, and by its version where the bucket keeps versions.
@NullMarked
package org.vmfinalize.places.s3;

import org.jspecify.annotations.NullMarked;
