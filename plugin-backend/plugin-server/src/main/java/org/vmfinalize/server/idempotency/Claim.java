package org.vmfinalize.server.idempotency;

/// A request that has its key to itself.
///
/// @param hash of all that makes the request what it is
record Claim(String user, String key, String hash) {

    /// The request attribute under which it is kept until the request is answered.
    static final String ATTRIBUTE = Claim.class.getName();
}
