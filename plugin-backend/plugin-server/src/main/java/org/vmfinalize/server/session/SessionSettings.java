package org.vmfinalize.server.session;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long sessions last.
///
/// @param idle a session that was not used for this long ends
/// @param maximum a session of this age ends, used or not: whoever lost his rights in vCenter loses them here, too
@ConfigurationProperties("vmfinalize.sessions")
record SessionSettings(@DefaultValue("10m") Duration idle, @DefaultValue("8h") Duration maximum) {}
