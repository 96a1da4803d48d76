package org.vmfinalize.console;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What VMware Tools told vCenter last of the system in a VM.
///
/// @param ipAddress its first address; null before VMware Tools tell it
/// @param hostName as it calls itself; null likewise
/// @param toolsRunning whether VMware Tools run
public record Guest(@Nullable String ipAddress, @Nullable String hostName, boolean toolsRunning) {

    static Guest of(JsonNode json) {
        return new Guest(json.path("ipAddress").asString(null), json.path("hostName").asString(null),
                json.path("toolsStatus").asString("").equals("guestToolsRunning"));
    }
}
