package org.vmfinalize.cli;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.terminal.Terminal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvWriteFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// How a command's answer is printed.
enum OutputFormat {
    /// For people.
    table,
    /// The server's own form.
    json,
    /// The server's own form, as YAML.
    yaml,
    /// The table's columns, by RFC 4180.
    csv;

    void print(PrintStream out, Table table, Collection<JsonNode> items) {
        switch (this) {
            case table -> out.println(Terminal.text(table));
            case json -> out.println(json(List.copyOf(items)));
            case yaml -> out.print(yaml(List.copyOf(items)));
            case csv -> out.print(csv(table));
        }
    }

    void print(PrintStream out, Table table, JsonNode item) {
        switch (this) {
            case table -> out.println(Terminal.text(table));
            case json -> out.println(json(item));
            case yaml -> out.print(yaml(item));
            case csv -> out.print(csv(table));
        }
    }

    private static String json(Object value) {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    private static String yaml(Object value) {
        return YAMLMapper.builder().disable(YAMLWriteFeature.WRITE_DOC_START_MARKER).build()
                .writeValueAsString(value);
    }

    private static String csv(Table table) throws JacksonException {
        var mapper = CsvMapper.builder().enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING).build();
        var text = new StringBuilder();
        text.append(mapper.writeValueAsString(table.headings().toArray(String[]::new)));
        for (var row : table.rows()) {
            text.append(mapper.writeValueAsString(row.toArray(String[]::new)));
        }
        return text.toString();
    }
}
