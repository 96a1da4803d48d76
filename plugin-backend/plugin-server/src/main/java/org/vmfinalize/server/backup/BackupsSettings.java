package org.vmfinalize.server.backup;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How places are looked through.
///
/// @param refresh from the end of one look to the next
/// @param patience for one file; one that takes longer is looked at again the next time
/// @param maxFiles of one place; what it has more is not listed
@ConfigurationProperties("vmfinalize.backups")
record BackupsSettings(@DefaultValue("60s") Duration refresh, @DefaultValue("20s") Duration patience,
        @DefaultValue("20000") int maxFiles) {}
