package org.vmfinalize.places.s3;

import java.net.URI;
import java.util.Optional;

/// Which S3 server.
///
/// @param endpoint  the address of another vendor's server; without one, Amazon's
/// @param region    such as `eu-central-1`; other vendors mostly take any
/// @param pathStyle whether the bucket is a part of the path instead of the host's name, as most other vendors want it
public record S3Server(Optional<URI> endpoint, String region, boolean pathStyle) {}
