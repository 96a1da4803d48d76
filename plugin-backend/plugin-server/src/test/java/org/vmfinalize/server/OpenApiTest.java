package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swagger.v3.parser.OpenAPIV3Parser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The description of the API is whole and well-formed. Whether the server does as it says is looked at by every test of
/// the API, with [DescribedExchanges].
class OpenApiTest extends ApiTest {

    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#([^\"]*)\"");

    private JsonNode description;

    OpenApiTest() {
        super(0);
    }

    private record Operation(String path, String verb, JsonNode json) {
        @Override
        public String toString() {
            return verb + " " + path;
        }
    }

    private List<Operation> operations() {
        var all = new ArrayList<Operation>();
        description.get("paths").properties().forEach(path -> path.getValue().properties()
                .forEach(one -> all.add(new Operation(path.getKey(), one.getKey(), one.getValue()))));
        return all;
    }

    @BeforeEach
    void readDescription() throws Exception {
        description = server.asNobody().get("/api/v1/openapi.json").json();
    }

    @Test
    void everyOperationHasAnIdASummaryATagAndProblems() {
        assertThat(description.get("openapi").asString()).startsWith("3.1.");
        assertThat(operations()).hasSizeGreaterThan(25).allSatisfy(one -> {
            assertThat(one.json.get("summary").asString()).as(one + "").isNotBlank();
            assertThat(one.json.get("tags")).as(one + "").hasSize(1);
            assertThat(one.json.get("responses").get("default").get("$ref").asString()).as(one + "")
                    .isEqualTo("#/components/responses/Problem");
            assertThat(one.json.get("description").asString()).as(one + "").isNotBlank();
            assertThat(one.json.get("responses").propertyNames()).as(one + "")
                    .contains("400", "500").noneMatch(status -> status.contains("X"));
            one.json.path("parameters").forEach(parameter -> assertThat(
                    parameter.path("description").asString("")).as(one + " " + parameter).isNotBlank());
        });
        assertThat(operations()).extracting(one -> one.json.get("operationId").asString())
                .doesNotHaveDuplicates();
    }

    @Test
    void everyFieldIsDescribed() {
        assertThat(description.get("components").get("schemas").properties()).hasSizeGreaterThan(40)
                .allSatisfy(schema -> schema.getValue().path("properties").properties()
                        .forEach(field -> assertThat(field.getValue().path("description").asString(""))
                                .as(schema.getKey() + "." + field.getKey()).isNotBlank()));
    }

    @Test
    void noLineOfTheTextsIsLeftOver() throws Exception {
        var lines = new Properties();
        try (var in = PluginServer.class.getResourceAsStream("openapi/texts.properties")) {
            lines.load(in);
        }
        var shown = Stream.of("summary", "description")
                .flatMap(field -> description.findValues(field).stream())
                .filter(JsonNode::isString).map(JsonNode::asString).toList();

        assertThat(lines)
                .allSatisfy((key, text) -> assertThat(shown).as("%s", key).contains(text.toString().strip()));
    }

    @Test
    void everyOperationNamesTheProblemsThatItMayAnswer() {
        var start = description.at("/paths/~1api~1v1~1finalizations/post/responses");

        assertThat(start.propertyNames()).contains("202", "401", "403", "404", "409", "422", "503", "507");
        assertThat(start.get("409").get("description").asString()).contains("`/problems/already-finalizing`",
                "Wait for the finalization that runs");
        assertThat(start.at("/404/content/application~1problem+json/schema/properties/type/enum").toString())
                .isEqualTo("[\"/problems/vm-not-found\"]");
        assertThat(description.at("/paths/~1api~1v1~1instant-vms/post/responses").has("201")).isTrue();
    }

    @Test
    void theGuideNamesEveryPath() throws Exception {
        var guide = Files.readString(Path.of("../../docs/rest-api.md"));

        assertThat(operations()).allSatisfy(one -> assertThat(guide)
                .contains(one.path.replaceFirst("(/\\{[^}]*\\})*$", "").replaceFirst(".*/", "/")));
    }

    @Test
    void whatCreatesTakesAKeyAndEveryListComesInParts() {
        var creating = operations().stream().filter(one -> one.verb.equals("post"))
                .filter(one -> one.json.get("responses").has("201") || one.json.get("responses").has("202"))
                // The same log-in twice makes two sessions, both of which end by themselves.
                .filter(one -> !one.path.equals("/api/v1/sessions")).toList();
        assertThat(creating).extracting(Operation::path).contains("/api/v1/instant-vms",
                "/api/v1/finalizations");
        assertThat(creating)
                .allSatisfy(one -> assertThat(parameters(one)).as(one + "").contains("Idempotency-Key"));

        assertThat(operations()).filteredOn(one -> one.verb.equals("get") && List.of("backups", "instant-vms",
                "finalizations", "datastores", "places", "providers", "receipts", "discards")
                .contains(one.path.replace("/api/v1/", ""))).hasSize(8)
                .allSatisfy(
                        one -> assertThat(parameters(one)).as(one + "").contains("limit", "cursor", "sort"));
        assertThat(operations()).filteredOn(one -> one.path.endsWith("/events")).hasSize(2)
                .allSatisfy(one -> assertThat(parameters(one)).as(one + "").contains("Last-Event-ID"));
    }

    private static List<String> parameters(Operation operation) {
        return operation.json.path("parameters").valueStream().map(one -> one.path("name").asString(""))
                .toList();
    }

    @Test
    void anIndependentReaderOfOpenApiFindsNothingWrong() {
        assertThat(complaints(description)).isEmpty();

        var broken = description.deepCopy();
        ((ObjectNode) broken.at("/paths/~1api~1v1~1providers/get")).remove("responses");
        assertThat(complaints(broken)).isNotEmpty();
        var misspelt = description.deepCopy();
        ((ObjectNode) misspelt.at("/paths/~1api~1v1~1providers/get")).put("sumary", "x");
        assertThat(complaints(misspelt)).isNotEmpty();
    }

    private static List<String> complaints(JsonNode document) {
        return new OpenAPIV3Parser().readContents(document.toString()).getMessages();
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

        described.check("GET", "/api/v1/providers", null, 200, "application/json",
                "{\"items\":[],\"total\":0,\"next\":null}");
        for (var wrong : List.of("{}", "{\"items\":1}",
                "{\"items\":[],\"total\":0,\"next\":null,\"more\":1}")) {
            assertThatThrownBy(
                    () -> described.check("GET", "/api/v1/providers", null, 200, "application/json", wrong))
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
