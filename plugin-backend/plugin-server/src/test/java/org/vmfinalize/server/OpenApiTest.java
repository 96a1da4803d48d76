package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The description of the API is whole and well-formed. Whether answers are as it says is looked at by
/// [ListsApiTest].
class OpenApiTest {

    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#([^\"]*)\"");

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static JsonNode description;

    private record Operation(String path, String verb, JsonNode json) {
        @Override
        public String toString() {
            return verb + " " + path;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(folder, new MemoryVCenter());
        description = server.asNobody().get("/api/v1/openapi.json").json();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static List<Operation> operations() {
        var all = new ArrayList<Operation>();
        description.get("paths").properties().forEach(path -> path.getValue().properties()
                .forEach(one -> all.add(new Operation(path.getKey(), one.getKey(), one.getValue()))));
        return all;
    }

    @Test
    void everyOperationHasAnIdASummaryATagAndProblems() {
        assertThat(description.get("openapi").asString()).startsWith("3.1.");
        assertThat(operations()).hasSizeGreaterThan(25).allSatisfy(one -> {
            assertThat(one.json.get("summary").asString()).as(one + "").isNotBlank();
            assertThat(one.json.get("tags")).as(one + "").hasSize(1);
            assertThat(one.json.get("responses").get("default").get("$ref").asString()).as(one + "")
                    .isEqualTo("#/components/responses/Problem");
            assertThat(one.json.get("responses").size()).as(one + "").isEqualTo(2);
        });
        assertThat(operations()).extracting(one -> one.json.get("operationId").asString())
                .doesNotHaveDuplicates();
    }

    @Test
    void thePartsOfAPathAreItsParameters() {
        assertThat(operations()).allSatisfy(one -> {
            var named = new TreeSet<String>();
            Pattern.compile("\\{([^}]*)}").matcher(one.path).results().forEach(r -> named.add(r.group(1)));
            var described = new TreeSet<String>();
            one.json.path("parameters").forEach(parameter -> {
                if (parameter.get("in").asString().equals("path")) {
                    assertThat(parameter.get("required").asBoolean()).isTrue();
                    described.add(parameter.get("name").asString());
                }
            });
            assertThat(described).as(one + "").isEqualTo(named);
        });
    }

    @Test
    void allReferencesLeadSomewhere() {
        var references = REFERENCE.matcher(description.toString()).results().map(found -> found.group(1))
                .toList();

        assertThat(references).isNotEmpty()
                .allSatisfy(pointer -> assertThat(description.at(pointer).isMissingNode()).as(pointer)
                        .isFalse());
    }

    @Test
    void whatMayBeNullMayBeLeftOutOfARequestAndNotOfAnAnswer() {
        var schemas = description.get("components").get("schemas");

        assertThat(schemas.get("VmStartRequest").has("required")).isFalse();
        assertThat(schemas.get("FinalizationView").get("required").toString()).contains("\"failure\"",
                "\"message\"");
        assertThat(schemas.get("FinalizationView").get("properties").get("failure").get("type").toString())
                .isEqualTo("[\"string\",\"null\"]");
    }

    @Test
    void creatingOperationsTakeAnIdempotencyKeyAndNothingElseIsOpen() {
        assertThat(operations()).filteredOn(one -> one.json.path("parameters").toString()
                .contains("Idempotency-Key"))
                .extracting(Operation::toString)
                .containsExactlyInAnyOrder("post /api/v1/finalizations", "post /api/v1/instant-vms",
                        "post /api/v1/backups/{id}/checksums", "delete /api/v1/instant-vms/{vmId}",
                        "post /api/v1/finalizations/{id}/verification");
        assertThat(operations()).filteredOn(one -> one.json.has("security")).extracting(Operation::toString)
                .containsExactlyInAnyOrder("get /api/v1/openapi.json", "get /api/v1/openapi.yaml",
                        "get /api/v1/receipt-key", "post /api/v1/sessions");
    }

    @Test
    void anAnswerThatIsNotAsDescribedIsFound() throws Exception {
        var described = server.described();

        described.check("GET", "/api/v1/providers", 200, "application/json", "{\"items\":[]}");
        for (var wrong : List.of("{}", "{\"items\":1}", "{\"items\":[],\"more\":1}")) {
            assertThatThrownBy(
                    () -> described.check("GET", "/api/v1/providers", 200, "application/json", wrong))
                    .isInstanceOf(AssertionError.class).hasMessageContaining("not as described");
        }
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws Exception {
        for (var file : List.of("index.html", "api-docs.js", "api-docs.css")) {
            var answer = server.get("/api-docs/" + file);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.response().body()).doesNotContain("http://", "https://", "style=", "innerHTML",
                    "<script>", "onclick");
            assertThat(answer.response().headers().firstValue("content-security-policy").orElseThrow())
                    .contains("default-src 'self'");
        }
        assertThat(server.get("/api/v1/openapi.yaml").response().body()).contains("\"openapi\" : \"3.1.0\"");
    }
}
