package org.vmfinalize.server.openapi;

import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.session.WithoutSession;
import tools.jackson.databind.json.JsonMapper;

/// Gives the description of the API to everybody: it says nothing that the documentation does not.
@RestController
@WithoutSession
class DescriptionController {

    private final ApiDescription description;
    private final JsonMapper json;

    DescriptionController(ApiDescription description, JsonMapper json) {
        this.description = description;
        this.json = json;
    }

    @GetMapping(path = "/api/v1/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> json() {
        return description.document();
    }

    /// The same: JSON is YAML 1.2 as well.
    @GetMapping(path = "/api/v1/openapi.yaml", produces = "application/yaml")
    ResponseEntity<byte[]> yaml() {
        return ResponseEntity
                .ok(json.writerWithDefaultPrettyPrinter().writeValueAsBytes(description.document()));
    }
}
