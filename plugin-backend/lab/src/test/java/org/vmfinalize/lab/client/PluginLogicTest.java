package org.vmfinalize.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.finalization.WaitsFor;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.problem.ProblemType;

/// The plugin's logic that knows no page, run in the browser that it is made for.
class PluginLogicTest {

    private static Chromium chromium;
    private static ScriptedPlugin plugin;
    private static LabClient client;
    private static Page page;
    private static String modules;

    @BeforeAll
    static void start() throws IOException {
        chromium = new Chromium();
        plugin = new ScriptedPlugin();
        var vsphere = new FixedVSphere();
        vsphere.extensions.add(plugin.extension());
        client = LabClient.start(vsphere, "administrator@vsphere.local", 0);
        page = chromium.open(client, "", 800, 600);
        modules = PluginAddress.of(plugin.extension()).orElseThrow().path() + "js/";
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
            client.close();
            plugin.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            ''      | {}
            ' '     | {}
            1       | {"bytesPerSecond":1048576}
            ' 200 ' | {"bytesPerSecond":209715200}
            1000000 | {"bytesPerSecond":1048576000000}
            1000001 | {"fault":"limit.invalid"}
            0       | {"fault":"limit.invalid"}
            -5      | {"fault":"limit.invalid"}
            1.5     | {"fault":"limit.invalid"}
            1e3     | {"fault":"limit.invalid"}
            0x10    | {"fault":"limit.invalid"}
            """)
    void readsASpeedLimitInMegabytes(String text, String limit) {
        assertThat(run("finalize/speed-limit.js", "JSON.stringify(m.speedLimitOf(arg.text))",
                Map.of("text", text))).isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0             | en-US | 0 B
            1             | en-US | 1 B
            1023          | en-US | 1,023 B
            1024          | en-US | 1 KB
            1536          | en-US | 1.5 KB
            1610612736    | en-US | 1.5 GB
            1610612736    | de-DE | 1,5 GB
            22978075033   | en-US | 21.4 GB
            1048575       | en-US | 1 MB
            1073741823    | en-US | 1 GB
            4398046511104 | en-US | 4 TB
            """)
    void writesBytesAsVSphereDoes(long bytes, String locale, String text) {
        assertThat(run("text/format.js", "m.formatsFor(arg.locale).bytes(Number(arg.bytes))",
                Map.of("bytes", String.valueOf(bytes), "locale", locale))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "0.2, 1 s", "59, 59 s", "60, 1 min", "73, 1 min 13 s", "3599.5, 1 h",
            "4000, 1 h 7 min", "172800, 2 d"})
    void writesDurations(double seconds, String text) {
        assertThat(
                run("text/format.js", "m.formatsFor('en-US').duration(Number(arg))", String.valueOf(seconds)))
                .isEqualTo(text);
    }

    @Test
    void writesADashForWhatIsNotKnown() {
        assertThat(run("text/format.js",
                "[undefined, null, NaN, -1, 'x', Infinity].map(v => [m.formatsFor('en').bytes(v), m.formatsFor('en').duration(v), "
                        + "m.formatsFor('en').rate(v)].join('')).join()",
                0))
                .isEqualTo("———,———,———,———,———,———");
    }

    @ParameterizedTest
    @CsvSource({"0.999, 99%", "1, 100%", "0, 0%", "0.29, 29%", "0.57, 57%"})
    void roundsPercentDown(double fraction, String text) {
        assertThat(
                run("text/format.js", "m.formatsFor('en-US').percent(Number(arg))", String.valueOf(fraction)))
                .isEqualTo(text);
    }

    @Test
    void findsWhatIsWrongWithAName() {
        String faults = "arg.map(name => m.nameFault(name) ?? 'fine').join()";

        assertThat(
                run("vm/vm-name.js", faults, List.of("web01", " web01 ", "Ä 名前 🙂", "a/b%c", "x".repeat(80))))
                .isEqualTo("fine,fine,fine,fine,fine");
        assertThat(run("vm/vm-name.js", faults,
                List.of("", "  ", "x".repeat(81), "a\tb", "a\u0000b", "a\u2028b", "a\u202eb")))
                .isEqualTo(
                        "name.empty,name.empty,name.long,name.control,name.control,name.control,name.control");
    }

    @ParameterizedTest
    @CsvSource({"/problems/name-taken, name", "/problems/datastore-full, provisioning", "about:blank, none",
            "/problems/already-finalizing, none", "'', none"})
    void findsTheFieldThatAProblemBelongsTo(String type, String field) {
        assertThat(run("server/problem.js",
                "m.problemFrom(409, { type: arg, detail: 'd' }, 'f').field ?? 'none'", type))
                .isEqualTo(field);
    }

    @Test
    void alwaysHasWordsForAProblem() {
        assertThat(run("server/problem.js",
                "arg.map(body => m.problemFrom(500, body, 'HTTP 500').detail).join()",
                List.of("text", 7, Map.of(), Map.of("title", "T"), Map.of("title", "T", "detail", "D"),
                        Map.of("detail", 5), Map.of("detail", "  "))))
                .isEqualTo("HTTP 500,HTTP 500,HTTP 500,T,D,HTTP 500,HTTP 500");
    }

    @Test
    void readsTheSameEventsHoweverTheStreamWasCut() {
        String stream = ": hello\\r\\nevent: progress\\r\\ndata: {\\\"a\\\":1}\\r\\n\\r\\ndata: two\\ndata:lines\\n\\nevent: other\\n\\nid: 5\\ndata: x\\r\\rdata: cut";
        String expected = "progress={\"a\":1};message=two\nlines;message=x";

        assertThat(run("server/event-stream.js",
                """
                        (() => {
                            const text = "%s";
                            const results = new Set();
                            for (let size = 1; size <= text.length; size++) {
                                const parser = new m.EventStreamParser();
                                const events = [];
                                for (let at = 0; at < text.length; at += size) events.push(...parser.feed(text.slice(at, at + size)));
                                results.add(events.map(event => event.type + '=' + event.data).join(';'));
                            }
                            return [...results].join('|');
                        })()"""
                        .formatted(stream),
                0)).isEqualTo(expected);
    }

    @Test
    void remembersTheIdOfTheLastEvent() {
        assertThat(run("server/event-stream.js", """
                new m.EventStreamParser().feed('data: a\\n\\nid: 7\\ndata: b\\n\\ndata: c\\n\\n')
                    .map(event => event.data + event.id).join()""", 0)).isEqualTo("aundefined,b7,c7");
    }

    @Test
    void knowsWhatFinalizingTakes() {
        String need = "(({ toDoBytes, spaceBytes, toDoShare }) => [toDoBytes, spaceBytes, toDoShare].join())"
                + "(m.requirementOf({ disks: [{ sizeBytes: 100, localBytes: 20, toDoBytes: 30 }, "
                + "{ sizeBytes: 60, localBytes: 50, toDoBytes: 10 }] }, arg))";

        assertThat(run("finalize/requirement.js", need, "thin")).isEqualTo("40,40,0.25");
        assertThat(run("finalize/requirement.js", need, "thick")).isEqualTo("40,90,0.25");
        assertThat(run("finalize/requirement.js", "m.requirementOf({ disks: [] }, 'thin').toDoShare", 0))
                .isEqualTo("0");
    }

    @Test
    void neverShowsAnUnfinishedFinalizationAsWhole() {
        String share = "m.shareDone({ state: arg, doneBytes: 10, totalBytes: 10 })";

        assertThat(run("finalization/finalization.js", share, "sealing")).isEqualTo("0.999");
        assertThat(run("finalization/finalization.js", share, "completed")).isEqualTo("1");
        assertThat(run("finalization/finalization.js",
                "m.shareDone({ state: 'queued', doneBytes: 0, totalBytes: 0 })", 0))
                .isEqualTo("0");
    }

    @Test
    void prefersWhatRunsToWhatHasEnded() {
        String latest = """
                m.latestFor('vm-1', [
                    { id: 'old', vm: { id: 'vm-1' }, state: 'completed', startedAt: '2026-01-01T00:00:00Z' },
                    { id: 'new', vm: { id: 'vm-1' }, state: 'failed', startedAt: '2026-01-02T00:00:00Z' },
                    { id: 'runs', vm: { id: 'vm-1' }, state: arg, startedAt: '2025-01-01T00:00:00Z' },
                    { id: 'foreign', vm: { id: 'vm-2' }, state: 'hydrating', startedAt: '2026-01-03T00:00:00Z' }]).id""";

        assertThat(run("finalization/finalization.js", latest, "paused")).isEqualTo("runs");
        assertThat(run("finalization/finalization.js", latest, "cancelled")).isEqualTo("new");
    }

    @Test
    void hasEveryMessageInEveryLanguageWithTheSameNamesToFillIn() {
        assertThat(run("text/messages.js",
                """
                        (() => {
                            const fill = text => [...text.matchAll(/\\{\\w+\\}/g)].map(match => match[0]).sort().join();
                            const shape = messages => Object.keys(messages).sort().map(key => key + fill(messages[key])).join('\\n');
                            return Object.values(m.allMessages).every(each => shape(each) === shape(m.allMessages.en));
                        })()""",
                0)).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource({"de-AT, de", "de, de", "en-GB, en", "fr-FR, en", "ja-JP, ja", "zh-CN, zh-CN",
            "constructor, en", "'', en"})
    void choosesALanguage(String locale, String language) {
        assertThat(run("text/messages.js", "m.messagesFor(arg).language", locale)).isEqualTo(language);
    }

    @ParameterizedTest
    @CsvSource({"s3://bucket/a.qcow2, cloud", "https://example.org/a, cloud", "nbd://host/x, network",
            "/backups/a.qcow2, local", "file:/a, local", "'', local"})
    void tellsWhereABackupIs(String location, String place) {
        assertThat(run("finalize/backup-place.js", "m.backupPlaceOf(arg)", location)).isEqualTo(place);
    }

    @Test
    void writesLinesThatDoTheSameAsAClick() {
        String lines = "(l => [l.groovy, l.command, l.method + ' ' + l.path].join('|'))(m.linesOf(arg))";

        assertThat(run("console/lines.js", lines, Map.of("verb", "finalize", "vm",
                Map.of("id", "vm-1", "name", "it's a"), "order",
                Map.of("vm", "vm-1", "provisioning", "thin", "bytesPerSecond", 209715200, "verify", true))))
                .isEqualTo(
                        "vm('it\\'s a').makePermanent(provisioning: 'thin', limit: '200 MiB/s', verify: true)"
                                + "|vm-finalize finalize 'it'\\''s a' --provisioning thin --limit '200 MiB/s' --verify"
                                + "|POST finalizations");
        assertThat(run("console/lines.js", lines, Map.of("verb", "pace", "vm", Map.of("name", "a"),
                "finalization", "7", "order", Map.of("bytesPerSecond", 0)))).isEqualTo(
                        "finalizations.running.find { it.vm == 'a' }.limit = '0'|vm-finalize pace a --limit 0|PATCH finalizations/7");
        assertThat(run("console/lines.js", lines,
                Map.of("verb", "discard", "vm", Map.of("id", "vm-1", "name", "-x $(reboot)")))).isEqualTo(
                        "vm('-x $(reboot)').discard()|vm-finalize discard '-x $(reboot)'|DELETE instant-vms/vm-1");
    }

    @Test
    void sortsFiltersAndPages() {
        String rows = """
                (view => {
                    const rows = ['b 10', 'b 9', 'a 1', '', 'c 3'].map(name => ({ name }));
                    const shown = m.shownRows(rows, [{ text: row => row.name }], { pageSize: 3, page: 0, ...view }, 'en');
                    return shown.rows.map(row => row.name).join() + ' ' + shown.total + ' ' + shown.page + '/' + shown.pages;
                })(arg)""";

        assertThat(run("table/rows.js", rows, Map.of())).isEqualTo("b 10,b 9,a 1 5 0/2");
        assertThat(run("table/rows.js", rows, Map.of("column", 0))).isEqualTo("a 1,b 9,b 10 5 0/2");
        assertThat(run("table/rows.js", rows, Map.of("column", 0, "descending", true, "page", 9)))
                .isEqualTo("a 1, 5 1/2");
        assertThat(run("table/rows.js", rows, Map.of("filter", "B 1"))).isEqualTo("b 10 1 0/1");
        assertThat(run("table/rows.js", rows, Map.of("filter", "zzz"))).isEqualTo(" 0 0/1");
    }

    @Test
    void readsTheMapOfADisk() {
        String map = "{ cellBytes: [100, 100, 50], localBytes: [0, 100, 30], guestBytes: [0, 40, 0] }";

        assertThat(run("monitor/cells.js",
                "m.cellsOf(%s, { localBytes: [0, 100, 10] }).map(c => [c.backup, c.copied, c.guest, c.active].join(' ')).join()"
                        .formatted(map),
                0))
                .isEqualTo("1 0 0 false,0 0.6 0.4 false,0.4 0.6 0 true");
        assertThat(run("monitor/cells.js", "Object.values(m.totalsOf(%s)).join()".formatted(map), 0))
                .isEqualTo("120,90,40");
        assertThat(run("monitor/cells.js", "Object.values(m.layoutOf(100, 108)).join()", 0))
                .isEqualTo("10,10,11,9");
    }

    @ParameterizedTest
    @CsvSource({"34, 5, 5 s to 34 s", "34, 34, 34 s", "90, 60, 1 min to 1 min 30 s"})
    void tellsTheTimeLeftAsARange(int most, int least, String words) {
        assertThat(page.evaluate(
                """
                        async ([modules, secondsLeft, secondsLeftAtLeast]) => {
                            const [{ timeLeftText }, { messagesFor }, { formatsFor }] = await Promise.all(
                                ['finalization/time-left.js', 'text/messages.js', 'text/format.js'].map(each => import(modules + each)));
                            return timeLeftText({ secondsLeft, secondsLeftAtLeast }, messagesFor('en'), formatsFor('en'));
                        }""",
                List.of(modules, most, least))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0, 30", "30, 30", "31, 60", "150, 150", "151, 300", "300, 300", "301, 300"})
    void drawsAMinuteAtLeastAndTenAtMost(int samples, String width) {
        assertThat(run("monitor/curve.js", "m.chartWidth(arg)", samples)).isEqualTo(width);
    }

    @Test
    void drawsACurveWithGaps() {
        String path = "m.pathOf(arg, { width: 100, height: 10, maximum: 4, capacity: 5 })";

        assertThat(run("monitor/curve.js", path, List.of(0, 2, 4)))
                .isEqualTo("M50.0 10.0L75.0 5.0L100.0 0.0");
        assertThat(run("monitor/curve.js",
                "m.pathOf([1, null, 9], { width: 2, height: 4, maximum: 4, capacity: 3 })",
                0)).isEqualTo("M0.0 3.0h0.1M2.0 0.0h0.1");
        assertThat(run("monitor/curve.js",
                "[0, 3, 1000, 1025, 5 * 1024 ** 2].map(value => m.niceMaximum(value, 1024)).join()", 0))
                .isEqualTo("1,5,1000,2048,5242880");
        assertThat(run("monitor/curve.js", "[0.5, 1000, 5600].map(value => m.niceMaximum(value)).join()", 0))
                .isEqualTo("0.5,1000,10000");
    }

    @Test
    void prefersTheServersPlanToWhatThePageKnows() {
        String taking = "(t => [t.inBackupBytes, t.neededBytes, t.freeBytes, t.enough, t.faults.name?.detail, t.faults.other?.detail].join(' '))"
                + "(m.takingOf({ datastore: 'ds', disks: [{ sizeBytes: 100, localBytes: 20, toDoBytes: 30 }] }, 'thick', %s, "
                + "[{ name: 'ds', freeBytes: 50 }]))";

        assertThat(run("finalize/plan.js", taking.formatted("undefined"), 0)).isEqualTo("30 80 50 false  ");
        assertThat(run("finalize/plan.js", taking.formatted(
                """
                        { inBackupBytes: 10, datastore: { neededBytes: 5, freeBytes: 7 }, refusals: [
                          { type: '/problems/name-taken', detail: 'taken', remedy: 'choose another' },
                          { type: '/problems/forbidden', detail: 'no right; ask', remedy: 'ask' }], warnings: [] }"""),
                0))
                .isEqualTo("10 5 7 true taken no right; ask");
    }

    @Test
    void sumsUpWhatSeveralMachinesNeedOfOneDatastore() {
        assertThat(run("finalize/finalize-many.js",
                """
                        JSON.stringify(m.sumByDatastore([['a', 5], ['b', 1], ['a', 7]].map(([datastore, neededBytes]) =>
                            ({ vm: { datastore }, taking: { neededBytes, freeBytes: 9 } }))))""",
                0))
                .isEqualTo("[{\"datastore\":\"a\",\"neededBytes\":12,\"freeBytes\":9},"
                        + "{\"datastore\":\"b\",\"neededBytes\":1,\"freeBytes\":9}]");
    }

    /// What a person at the pages can meet; the others are for those who write programs against the API.
    private static final Set<ProblemType> FOR_PROGRAMS = EnumSet.of(ProblemType.UNAUTHORIZED,
            ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.IDEMPOTENCY_KEY_IN_USE,
            ProblemType.IDEMPOTENCY_KEY_INTERRUPTED, ProblemType.NOT_FOUND, ProblemType.METHOD_NOT_ALLOWED,
            ProblemType.REQUEST_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.NOT_ACCEPTABLE);

    @ParameterizedTest
    @ValueSource(strings = {"de", "ja", "zh"})
    void knowsEveryProblemOfTheServerInEveryLanguage(String language) {
        String known = run("text/problem-text.js",
                "Object.entries(m.allProblems[arg]).map(([name, words]) => words.trim() ? name : '').join()",
                language);
        var problems = EnumSet.complementOf(EnumSet.copyOf(FOR_PROGRAMS)).stream().map(ProblemType::uri);
        var warnings = Stream.of(WarningType.values()).map(WarningType::uri);
        var remarks = Stream.concat(problems, warnings).map(uri -> uri.getPath().replaceFirst(".*/", ""));
        var waits = Stream.concat(Stream.of(WaitsFor.values()).map(WaitsFor::name), Stream.of("vcenter"))
                .map(what -> "waits-" + what.toLowerCase(Locale.ROOT));

        assertThat(known.split(","))
                .contains(Stream.concat(remarks, waits).toArray(String[]::new))
                .contains("failed", "failed-joining");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en | false | the backup: it is gone
            de | false | Gescheitert; die virtuelle Maschine läuft weiter aus ihrem Backup\\. .* \\(the backup: it is gone\\)
            de | true  | Alle Daten sind aus dem Backup kopiert, liegen aber noch auf zwei Datenspeichern. .* \\(the backup: it is gone\\)
            ja | false | ファイナライズに失敗しました。.*
            zh | true  | 所有数据已从备份中复制.*
            """)
    void tellsWhyAFinalizationFailedInTheUsersLanguage(String language, boolean backupReleased,
            String words) {
        assertThat(run("overview/finalizations-page.js",
                "m.outcomeOf({ state: 'failed', failure: 'the backup: it is gone', backupReleased: arg.released }, "
                        + "Object.assign(() => '', { language: arg.language }))",
                Map.of("language", language, "released", backupReleased))).matches(words);
    }

    @ParameterizedTest
    @CsvSource({"/a/b/shop/daily.qcow2, …/shop/daily.qcow2",
            "s3://bucket/shop/daily.qcow2, …/shop/daily.qcow2",
            "/a.qcow2, /a.qcow2", "nbd:a, nbd:a"})
    void shortensALocationToItsEnd(String location, String end) {
        assertThat(run("overview/location.js", "m.endOf(arg)", location)).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            de | name-taken     | Eine andere virtuelle Maschine hat diesen Namen schon. Wählen Sie einen anderen.
            de | vcenter-refused | vCenter hat abgelehnt: it $& said no
            en | name-taken     | it $& said no; mend it
            en | waits-space    | The datastore is full; make room, then it goes on by itself. (it $& said no)
            de | brand-new      | it $& said no; mend it
            """)
    void tellsAProblemInTheUsersLanguageElseAsTheServerDoes(String language, String name, String words) {
        assertThat(run("text/problem-text.js",
                "m.problemText({ status: 409, name: arg.name, detail: 'it $& said no', remedy: 'mend it' }, "
                        + "Object.assign(() => '', { language: arg.language }))",
                Map.of("language", language, "name", name))).isEqualTo(words);
    }

    /// Evaluates an expression that uses a module `m` and an argument `arg`, as text.
    private static String run(String module, String expression, Object argument) {
        return (String) page.evaluate("async arg => { const m = await import('%s'); return String(%s); }"
                .formatted(modules + module, expression), argument);
    }
}
