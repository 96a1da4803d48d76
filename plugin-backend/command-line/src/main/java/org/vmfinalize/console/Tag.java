package org.vmfinalize.console;

import tools.jackson.databind.JsonNode;

/// A tag that a VM has in vCenter.
///
/// @param category of the tag, such as `Priority`
/// @param name such as `1`
public record Tag(String category, String name) {

    static Tag of(JsonNode json) {
        return new Tag(json.path("category").asString(""), json.path("name").asString(""));
    }

    /// `Priority: 1`.
    @Override
    public String toString() {
        return "%s: %s".formatted(category, name);
    }
}
