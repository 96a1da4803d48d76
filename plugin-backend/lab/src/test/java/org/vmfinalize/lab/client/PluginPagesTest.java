package org.vmfinalize.lab.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.client.ScriptedPlugin.Reply;

/// The plugin's pages in the lab's client, used by mouse and keyboard; the plugin server's answers are scripted.
class PluginPagesTest {

    private static Chromium chromium;

    private final FixedVSphere vsphere = new FixedVSphere();
    private ScriptedPlugin plugin;
    private LabClient client;

    @BeforeAll
    static void launch() {
        chromium = new Chromium();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        chromium.complaints.clear();
        plugin = new ScriptedPlugin();
        vsphere.extensions.add(plugin.extension());
        client = LabClient.start(vsphere, "administrator@vsphere.local", 0);
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51", Reply.json(Samples.INSTANT_VM));
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items()));
        plugin.replies.put("GET /api/v1/datastores", Reply.json(Samples.DATASTORES));
        plugin.replies.put("POST /api/v1/finalizations/plan", Reply.json(Samples.plan().fine()));
        plugin.replies.put("POST /dynamic/vm/summary",
                Reply.json("{\"apiVersion\":\"1.0.0\",\"dynamicItems\":[]}"));
        offer(true, true);
    }

    @AfterEach
    void stop() {
        client.close();
        plugin.close();
    }

    @Test
    void startsAFinalizationByMouse() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = chromium.open(client, "", 1280, 800);
        assertThat(page.locator("lab-inventory [data-id=vm-51] .icon")).hasAttribute("data-icon", "managed");
        assertThat(page.locator("lab-inventory [data-id=vm-41] .icon")).hasAttribute("data-icon", "usual");
        Chromium.keep(page, "client-summary");

        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        assertThat(item(page, "Finalize...")).isVisible();
        Chromium.keep(page, "client-menu");
        item(page, "Finalize...").click();

        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(page.locator("dialog h2")).hasText("Finalize Virtual Machine");
        assertThat(dialog.getByLabel("Name", new FrameLocator.GetByLabelOptions().setExact(true)))
                .hasValue("web01-from-backup");
        assertThat(dialog.locator(".vf-left")).containsText("24.4 GB of 140 GB still in the backup");
        Chromium.keep(page, "finalize-dialog");
        dialog.locator("#vf-name").fill("web01");
        dialog.getByText("Thick Provision Eager Zeroed").click();
        plugin.received.clear();
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"name\":\"web01\",\"provisioning\":\"eager-thick\"}");
        assertThat(chromium.complaints).isEmpty();
        page.close();
    }

    @Test
    void startsAFinalizationByKeyboard() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = chromium.open(client, "", 1280, 800);

        page.locator("lab-inventory [data-id=vm-51]").focus();
        page.keyboard().press("Shift+F10");
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).isFocused();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.locator("#vf-name")).isFocused();
        plugin.received.clear();
        page.keyboard().press("Enter");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body()).isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\"}");
        page.close();
    }

    @Test
    void closesTheDialogOnEscapeAndStartsNothing() {
        Page page = openDialog("");
        plugin.received.clear();

        page.frameLocator("dialog iframe").locator("#vf-name").press("Escape");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(plugin.received).noneMatch(each -> each.call().startsWith("POST /api"));
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"name-taken, name", "name-invalid, name", "datastore-full, provisioning",
            "invalid-provisioning, provisioning"})
    void showsARefusalBesideItsField(String problem, String field) throws Exception {
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(409, problem, "this is why; do that"));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog.locator("[data-field=" + field + "] .clr-subtext")).hasText("this is why; do that");
        assertThat(dialog.locator(".alert")).isHidden();
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Finalize"))).isEnabled();
        Chromium.keep(page, "finalize-dialog-" + problem);
        page.close();
    }

    @Test
    void showsAnyOtherRefusalOnTop() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.problem(409, "already-finalizing", "VM 'web01': a finalization is running already"));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");

        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(dialog.locator(".alert")).hasText("VM 'web01': a finalization is running already");
        Chromium.keep(page, "finalize-dialog-refused");
        page.close();
    }

    @Test
    void takesNoMarkupFromData() {
        String markup = "<img src=x onerror=alert(1)>";
        plugin.replies.put("GET /api/v1/instant-vms/vm-51",
                Reply.json(Samples.INSTANT_VM.replace("/backups/web01/2026-11-22.qcow2", markup)));
        Page page = openDialog("");

        assertThat(page.frameLocator("dialog iframe").locator(".vf-backup")).hasText(markup);
        assertThat(page.frameLocator("dialog iframe").locator(".vf-need img")).hasCount(0);
        page.close();
    }

    @Test
    void checksTheNameAsItIsTyped() throws Exception {
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");
        Locator help = dialog.locator("#vf-name-help");

        dialog.locator("#vf-name").fill("");
        assertThat(help).hasText("Enter a name for the virtual machine.");
        Chromium.keep(page, "finalize-dialog-no-name");
        dialog.locator("#vf-name").fill("x".repeat(81));
        assertThat(help).hasText("The name must not be longer than 80 characters.");
        dialog.locator("#vf-name").fill("web01");
        assertThat(help).hasText("Keeps its name unless you give another one.");
        page.close();
    }

    @Test
    void hidesTheActionWhereItIsNotRelevant() throws Exception {
        offer(false, false);
        Page page = chromium.open(client, "", 1280, 800);

        openMenu(page, "files01");

        assertThat(item(page, "No actions")).isVisible();
        assertThat(page.getByRole(AriaRole.MENUITEM, named("VM Finalize"))).hasCount(0);
        page.close();
    }

    @Test
    void greysTheActionWhereItIsNotPossibleNow() {
        offer(false, true);
        Page page = chromium.open(client, "", 1280, 800);

        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();

        assertThat(item(page, "Finalize...")).isDisabled();
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"1280, 720", "1920, 1080"})
    void showsTheWholeStoryOnOnePage(int width, int height) throws Exception {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = chromium.open(client, "", width, height);
        assertThat(page.locator("lab-tasks")).containsText("42%");
        Chromium.keep(page, "client-running-" + width);

        vsphere.tasks.set(0, FixedVSphere.task("success", 100, ""));
        vsphere.finalized("vm-51", "web01");

        assertThat(page.locator("lab-tasks")).containsText("Completed");
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).hasText("web01");
        assertThat(page.locator("lab-inventory [data-id=vm-51] .icon")).hasAttribute("data-icon", "usual");
        Chromium.keep(page, "client-done-" + width);
        page.close();
    }

    @Test
    void speaksGermanInTheDark() throws Exception {
        Page page = chromium.open(client, "?lang=de-DE", 1280, 800);
        page.locator("#theme").click();
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        Chromium.keep(page, "client-menu-dark");
        item(page, "Finalisieren...").click();

        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.locator(".vf-left")).containsText("Noch 24,4 GB von 140 GB im Backup");
        assertThat(dialog.locator("body")).hasAttribute("cds-theme", "dark");
        assertThat(dialog.locator("html")).hasAttribute("lang", "de");
        Chromium.keep(page, "finalize-dialog-dark-de");
        page.close();
    }

    @Test
    void pausesFromTheOverview() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations", Reply.json(Samples.items(
                Samples.finalization("hydrating", 42, null),
                Samples.ended("2", "db02", "completed", 100, null),
                Samples.ended("3", "db03", "failed", 30,
                        "datastore 'instant-ds' is full; make room and start again"))));
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, "paused by administrator")));
        Page page = chromium.open(client, "", 1280, 800);
        FrameLocator overview = openOverview(page, "Finalizations");
        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(1);
        Chromium.keep(page, "overview-finalizations");
        plugin.received.clear();

        overview.getByRole(AriaRole.BUTTON, in("Pause: web01")).click();

        await("POST /api/v1/finalizations/1/pause");
        openTab(overview, "History");
        assertThat(overview.locator(".vf-history tbody tr")).hasCount(2);
        assertThat(overview.locator(".vf-history")).containsText("make room and start again");
        Chromium.keep(page, "overview-history");
        openTab(overview, "Console");
        assertThat(overview.locator(".vf-lines")).containsText("vm-finalize pause web01");
        assertThat(overview.locator(".vf-lines"))
                .containsText("finalizations.running.find { it.vm == 'web01' }.pause()");
        assertThat(overview.locator(".vf-lines")).containsText("POST /api/v1/finalizations/1/pause");
        page.locator("#theme").click();
        assertThat(overview.locator("body")).hasAttribute("cds-theme", "dark");
        Chromium.keep(page, "overview-console-dark");
        page.close();
    }

    @Test
    void finalizesSeveralMachinesWithOneStart() throws Exception {
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM,
                Samples.INSTANT_VM.replace("vm-51", "vm-52").replace("web01-from-backup",
                        "db01-from-backup"))));
        vsphere.objects.add(FixedVSphere.vm("vm-52", "db01-from-backup", Optional.empty()));
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = chromium.open(client, "", 1280, 800);
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).click();
        page.getByLabel("Select web01-from-backup").check();
        page.getByLabel("Select db01-from-backup").check();
        page.locator(".vm-list tr[data-id=vm-52]")
                .click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        Chromium.keep(page, "client-menu-several");
        item(page, "Finalize...").click();
        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.locator("tbody tr")).hasCount(2);
        Chromium.keep(page, "finalize-several");
        plugin.received.clear();

        dialog.getByRole(AriaRole.BUTTON, in("Finalize 2")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(List.of(order().body(), order().body()))
                .containsExactlyInAnyOrder("{\"vm\":\"vm-51\",\"provisioning\":\"thin\"}",
                        "{\"vm\":\"vm-52\",\"provisioning\":\"thin\"}");
        page.close();
    }

    @Test
    void showsBesideEachMachineWhyItWasRefused() throws Exception {
        vsphere.objects.add(FixedVSphere.vm("vm-52", "db01-from-backup", Optional.empty()));
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(Samples.INSTANT_VM,
                Samples.INSTANT_VM.replace("vm-51", "vm-52").replace("web01-from-backup",
                        "db01-from-backup"))));
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.problem(507, "datastore-full", "datastore 'instant-ds': make room"));
        Page page = chromium.open(client, "", 1280, 800);
        page.locator("lab-inventory [data-id=group-v3]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("VMs")).click();
        page.getByLabel("Select web01-from-backup").check();
        page.getByLabel("Select db01-from-backup").check();
        page.locator(".vm-list .actions").click();
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Finalize...").click();
        FrameLocator dialog = page.frameLocator("dialog iframe");

        dialog.getByRole(AriaRole.BUTTON, in("Finalize 2")).click();

        assertThat(dialog.locator("tbody .vf-danger")).hasCount(2);
        assertThat(dialog.locator("tbody")).containsText("make room");
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Finalize 2"))).isEnabled();
        Chromium.keep(page, "finalize-several-refused");
        page.close();
    }

    @Test
    void saysBeforeTheStartWhatSpeaksAgainstIt() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations/plan", Reply.json(Samples.plan()
                .with("/problems/name-taken", "name 'files01': another virtual machine has it",
                        "choose another name")));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");

        dialog.locator("#vf-name").fill("files01");

        assertThat(dialog.locator("#vf-name-help"))
                .hasText("name 'files01': another virtual machine has it; choose another name");
        assertThat(dialog.locator(".vf-time")).hasText("2 min 0 s to 5 min 0 s");
        assertThat(dialog.locator(".vf-space")).hasText("up to 24.4 GB on instant-ds, 200 GB free");
        Chromium.keep(page, "finalize-dialog-planned");
        page.close();
    }

    @Test
    void pausesFromTheMenu() throws Exception {
        offer("pauseAction", "resumeAction", "cancelAction");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("POST /api/v1/finalizations/1/pause",
                Reply.json(Samples.finalization("paused", 42, null)));
        Page page = chromium.open(client, "", 1280, 800);
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        Chromium.keep(page, "client-menu-finalizing");
        item(page, "Pause Finalization...").click();
        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.locator("tbody")).containsText("Copying");
        Chromium.keep(page, "dialog-pause");
        plugin.received.clear();

        page.keyboard().press("Enter");

        assertThat(page.locator("dialog")).hasCount(0);
        await("POST /api/v1/finalizations/1/pause");
        page.close();
    }

    @Test
    void discardsOnlyAfterAQuestion() throws Exception {
        offer("finalizeAction", "discardAction");
        plugin.replies.put("DELETE /api/v1/instant-vms/vm-51", Reply.json("{}"));
        Page page = chromium.open(client, "", 1280, 800);
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Discard...").click();
        FrameLocator dialog = page.frameLocator("dialog iframe");
        assertThat(dialog.getByRole(AriaRole.BUTTON, in("Cancel"))).isFocused();
        assertThat(dialog.locator(".vf-intro")).containsText("cannot be undone");
        Chromium.keep(page, "dialog-discard");
        plugin.received.clear();

        dialog.getByRole(AriaRole.BUTTON, in("Discard")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        await("DELETE /api/v1/instant-vms/vm-51");
        page.close();
    }

    @Test
    void runsAMachineFromABackup() throws Exception {
        plugin.replies.put("GET /api/v1/backups", Reply.json(Samples.BACKUPS));
        plugin.replies.put("GET /api/v1/destinations", Reply.json(Samples.DESTINATIONS));
        plugin.replies.put("POST /api/v1/instant-vms", Reply.json(Samples.INSTANT_VM));
        Page page = chromium.open(client, "", 1280, 800);
        FrameLocator overview = openOverview(page, "Backups");
        assertThat(overview.locator(".vf-backups tbody tr")).hasCount(2);
        Chromium.keep(page, "overview-backups");
        overview.getByRole(AriaRole.BUTTON, in("Run from backup...: db01")).click();
        FrameLocator wizard = page.frameLocator("dialog iframe");
        assertThat(wizard.locator(".vf-facts")).containsText("s3://nightly/db01.qcow2");
        Chromium.keep(page, "run-1-point");
        page.keyboard().press("Tab");
        wizard.getByRole(AriaRole.BUTTON, in("Next")).click();
        wizard.locator("#vf-name").fill("db01-test");
        Chromium.keep(page, "run-2-name");
        page.keyboard().press("Enter");
        wizard.locator("#vf-host").selectOption("host-9");
        wizard.locator("#vf-network").selectOption("disconnected");
        Chromium.keep(page, "run-3-destination");
        wizard.getByRole(AriaRole.BUTTON, in("Next")).click();
        assertThat(wizard.locator(".vf-review")).containsText("db01-test");
        Chromium.keep(page, "run-4-review");
        plugin.received.clear();

        wizard.getByRole(AriaRole.BUTTON, in("Run")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(await("POST /api/v1/instant-vms").body()).isEqualTo(
                "{\"name\":\"db01-test\",\"backup\":\"p-2\",\"datastore\":\"instant-ds\",\"host\":\"host-9\",\"network\":\"disconnected\"}");
        page.close();
    }

    @Test
    void showsFiveHundredMachinesSortedAndFiltered() throws Exception {
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items(IntStream.range(0, 500)
                .mapToObj(i -> Samples.INSTANT_VM.replace("vm-51", "vm-" + (1000 + i))
                        .replace("web01-from-backup", "app-%03d".formatted(i)))
                .toArray(String[]::new))));
        Page page = chromium.open(client, "", 1280, 720);
        FrameLocator overview = openOverview(page, "Running from backups");
        assertThat(overview.locator(".vf-vms .vf-count")).hasText("1 - 50 of 500");
        overview.getByRole(AriaRole.BUTTON, in("Virtual machine")).click();
        overview.getByRole(AriaRole.BUTTON, in("Virtual machine")).click();
        assertThat(overview.locator(".vf-vms tbody tr").first()).containsText("app-499");
        overview.getByRole(AriaRole.BUTTON, in("Next")).click();
        assertThat(overview.locator(".vf-vms tbody tr").first()).containsText("app-449");
        Chromium.keep(page, "overview-500");

        overview.getByLabel("Filter: Running from backups").fill("app-49");

        assertThat(overview.locator(".vf-vms tbody tr")).hasCount(10);
        overview.getByLabel("Select all").check();
        assertThat(overview.getByRole(AriaRole.BUTTON, in("Finalize... (10)"))).isEnabled();
        Chromium.keep(page, "overview-filtered");
        page.close();
    }

    @Test
    void hearsOfChangesAndGoesOnBehindTheLastOneAfterALostConnection() throws Exception {
        plugin.allEvents.add("event: ready\nid: 4\ndata: {}\n\n");
        Page page = chromium.open(client, "", 1280, 800);
        FrameLocator overview = openOverview(page, "Finalizations");
        assertThat(plugin.continued.take()).isEmpty();
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));

        plugin.allEvents.add("event: finalization\nid: 5\ndata: {}\n\n");

        assertThat(overview.locator(".vf-finalizations tbody tr")).hasCount(1);
        plugin.allEvents.add("");
        plugin.allEvents.add("event: ready\nid: 5\ndata: {}\n\n");
        assertThat(plugin.continued.take()).isEqualTo("5");
        page.close();
    }

    @Test
    void showsHowDatastoresPlacesAndFormatsAre() throws Exception {
        plugin.replies.put("GET /api/v1/backups", Reply.json(Samples.BACKUPS));
        plugin.replies.put("GET /api/v1/providers", Reply.json("""
                {"items":[{"file":"a.jar","name":"vm-finalize formats","version":"0.1.0","state":"active",
                 "formats":["qcow2","vmdk","raw"],"openBackups":2,"error":null}]}"""));
        Page page = chromium.open(client, "", 1280, 800);
        FrameLocator overview = openOverview(page, "Health");

        assertThat(overview.getByText("small-ds")).isVisible();
        assertThat(overview.locator("tbody .label-warning")).hasCount(1);
        assertThat(overview.locator("tbody .label-danger")).hasCount(1);
        Chromium.keep(page, "overview-health");
        page.close();
    }

    @Test
    void showsACardOnTheSummary() throws Exception {
        plugin.replies.put("POST /dynamic/vm/summary", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeCard","visible":true}]}"""));
        Page page = chromium.open(client, "", 1280, 800);
        page.locator("lab-inventory [data-id=vm-51]").click();
        FrameLocator card = page.frameLocator(".plugin-card iframe");
        assertThat(card.locator(".label")).hasText("Runs from a backup");
        Chromium.keep(page, "card");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        page.locator("#refresh").click();
        assertThat(card.locator("vf-progress")).containsText("42%");

        card.getByRole(AriaRole.BUTTON, in("Follow")).click();

        assertThat(page.frameLocator("lab-object .view iframe").locator("vf-progress")).containsText("42%");
        page.close();
    }

    @Test
    void drawsWhereTheDataIsAndHowItWent() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map", Reply.json(Samples.diskMap(768, 42)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/samples", Reply.json(Samples.samples(220)));
        Page page = chromium.open(client, "", 1920, 1080);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        FrameLocator monitor = page.frameLocator("lab-object iframe");
        assertThat(monitor.locator("canvas"))
                .hasAccessibleName(Pattern.compile("Map of web01.vmdk: .*backup"));
        assertThat(monitor.locator(".vf-rate .vf-now")).containsText("MB/s");

        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map", Reply.json(Samples.diskMap(768, 45)));

        // What is drawn is looked at: there are pixels of all kinds, and frames around what has come since.
        page.frames().getLast().waitForFunction(
                """
                        () => {
                            const canvas = document.querySelector('canvas');
                            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                            const seen = new Set();
                            for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 3).join());
                            return ['0,121,173', '98,164,32', '211,221,226', '33,51,59'].every(color => seen.has(color));
                        }""");
        Chromium.keep(page, "monitor-map");
        page.locator("#theme").click();
        assertThat(monitor.locator("body")).hasAttribute("cds-theme", "dark");
        Chromium.keep(page, "monitor-map-dark");
        page.close();
    }

    @Test
    void changesTheSpeedWhileItRuns() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("PATCH /api/v1/finalizations/1",
                Reply.json(Samples.finalization("hydrating", 42, null)));
        Page page = chromium.open(client, "", 1280, 720);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        FrameLocator monitor = page.frameLocator("lab-object iframe");
        monitor.getByLabel("Speed limit").fill("80");
        plugin.received.clear();

        monitor.getByLabel("Speed limit").press("Enter");

        assertThat(await("PATCH /api/v1/finalizations/1").body()).isEqualTo("{\"bytesPerSecond\":83886080}");
        page.close();
    }

    @Test
    void saysWhenTheSessionIsOver() throws Exception {
        Page page = openDialog("");
        plugin.replies.put("POST /api/v1/finalizations", Reply.problem(401, "unauthorized", "log in"));

        page.frameLocator("dialog iframe").getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.frameLocator("dialog iframe").locator(".alert"))
                .hasText("Your session has ended. Log in to the vSphere Client again.");
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"ja-JP, ja, 1280, 720", "zh-CN, zh-CN, 1280, 720", "de-DE, de, 1920, 1080"})
    void speaksTheUsersLanguageOnAllPages(String locale, String language, int width, int height)
            throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/disks/0/map", Reply.json(Samples.diskMap(768, 42)));
        plugin.replies.put("GET /api/v1/instant-vms/vm-51/samples", Reply.json(Samples.samples(300)));
        Page page = chromium.open(client, "?lang=" + locale, width, height);
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isVisible();
        page.locator("#theme").click();
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        FrameLocator frame = page.frameLocator("lab-object iframe");
        assertThat(frame.locator(".vf-vms tbody tr")).hasCount(1);
        assertThat(frame.locator("html")).hasAttribute("lang", language);
        Chromium.keep(page, "overview-" + language);
        page.locator("lab-inventory [data-id=vm-51]").click();
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        assertThat(frame.locator("canvas")).isVisible();
        Chromium.keep(page, "monitor-" + language);
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        page.locator("#menu .menu button").first().click();
        assertThat(page.frameLocator("dialog iframe").locator("#vf-name")).hasValue("web01-from-backup");
        Chromium.keep(page, "finalize-dialog-" + language);
        page.close();
    }

    @Test
    void followsAFinalizationInTheMonitorView() throws Exception {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = chromium.open(client, "", 1280, 800);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        FrameLocator monitor = page.frameLocator("lab-object iframe");
        assertThat(monitor.locator("vf-progress")).containsText("42%");

        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 77, null) + "\n\n");

        assertThat(monitor.locator("vf-progress")).containsText("77%");
        Chromium.keep(page, "monitor");
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.ended("1", "web01", "completed", 100, null))));
        plugin.replies.put("GET /api/v1/instant-vms", Reply.json(Samples.items()));
        plugin.events.add("");
        assertThat(monitor.locator("h1")).hasText("Finalized");
        Chromium.keep(page, "monitor-done");
        page.close();
    }

    @Test
    void hasNoMonitorViewWhereThereIsNothingToFollow() {
        offerMonitor(false);
        Page page = chromium.open(client, "", 1280, 800);

        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();

        assertThat(page.locator("lab-object .content")).hasText("Nothing to monitor here.");
        page.close();
    }

    @Test
    void asksARunningTaskToEndByItsButton() {
        vsphere.tasks.add(FixedVSphere.task("running", 42, "Copying"));
        Page page = chromium.open(client, "", 1280, 800);

        page.getByRole(AriaRole.BUTTON, named("Cancel: Finalize virtual machine, web01")).click();

        page.waitForCondition(() -> vsphere.cancelled.equals(List.of("task-7")));
        page.close();
    }

    @Test
    void limitsTheSpeedAndRefusesWhatIsNoNumber() throws Exception {
        plugin.replies.put("POST /api/v1/finalizations",
                Reply.json(Samples.finalization("hydrating", 0, null)));
        Page page = openDialog("");
        FrameLocator dialog = page.frameLocator("dialog iframe");
        Locator limit = dialog.getByLabel("Speed limit");
        plugin.received.clear();

        dialog.getByText("Advanced").click();
        limit.fill("fast");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();
        assertThat(dialog.locator("#vf-limit-help")).containsText("whole number");
        assertThat(limit).isFocused();
        Chromium.keep(page, "finalize-dialog-limit");
        limit.fill("200");
        dialog.getByRole(AriaRole.BUTTON, in("Finalize")).click();

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(order().body())
                .isEqualTo("{\"vm\":\"vm-51\",\"provisioning\":\"thin\",\"bytesPerSecond\":209715200}");
        page.close();
    }

    @Test
    void opensABrokenEventStreamAgain() {
        plugin.replies.put("GET /api/v1/finalizations",
                Reply.json(Samples.items(Samples.finalization("hydrating", 42, null))));
        Page page = chromium.open(client, "", 1280, 800);
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Monitor")).click();
        FrameLocator monitor = page.frameLocator("lab-object iframe");
        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 50, null) + "\n\n");
        assertThat(monitor.locator("vf-progress")).containsText("50%");

        plugin.events.add("");
        plugin.events.add("event: progress\ndata: " + Samples.finalization("hydrating", 60, null) + "\n\n");

        assertThat(monitor.locator("vf-progress")).containsText("60%");
        page.close();
    }

    @Test
    void saysSoWhenTheServerIsAwayAndRecovers() throws Exception {
        Reply wellbeing = plugin.replies.put("GET /api/v1/finalizations",
                new Reply(502, "text/plain", "bad gateway"));
        Page page = chromium.open(client, "", 1280, 800);
        FrameLocator overview = openOverview(page, "Finalizations");
        assertThat(overview.locator(".alert")).containsText("Not up to date");

        plugin.replies.put("GET /api/v1/finalizations", wellbeing);

        assertThat(overview.locator(".alert")).isHidden();
        page.close();
    }

    private static FrameLocator openOverview(Page page, String tab) {
        // The client knows its plugins once it shows its inventory.
        assertThat(page.locator("lab-inventory [data-id=vm-51]")).isVisible();
        page.locator("#navigator").click();
        item(page, "VM Finalize").click();
        FrameLocator overview = page.frameLocator("lab-object iframe");
        openTab(overview, tab);
        return overview;
    }

    private static void openTab(FrameLocator overview, String name) {
        overview.getByRole(AriaRole.TAB, in(name)).click();
        assertThat(overview.getByRole(AriaRole.TABPANEL, in(name))).isVisible();
    }

    /// The first such call, after others that pages make by themselves.
    private ScriptedPlugin.Received await(String call) throws InterruptedException {
        ScriptedPlugin.Received received = plugin.received.take();
        while (!received.call().equals(call)) {
            received = plugin.received.take();
        }
        return received;
    }

    private void offer(String... items) {
        plugin.replies.put("POST /dynamic/vm/actions",
                Reply.json("{\"apiVersion\":\"1.0.0\",\"dynamicItems\":[%s]}".formatted(Stream.of(items)
                        .map("{\"id\":\"%s\",\"visible\":true,\"relevant\":true}"::formatted)
                        .collect(Collectors.joining(",")))));
    }

    private Page openDialog(String query) {
        Page page = chromium.open(client, query, 1280, 800);
        openMenu(page, "web01-from-backup");
        page.getByRole(AriaRole.MENUITEM, named("VM Finalize")).hover();
        item(page, "Finalize...").click();
        assertThat(page.frameLocator("dialog iframe").locator("#vf-name")).hasValue("web01-from-backup");
        return page;
    }

    private static void openMenu(Page page, String vm) {
        page.getByRole(AriaRole.TREEITEM).filter(new Locator.FilterOptions().setHasText(vm)).click(
                new Locator.ClickOptions().setButton(MouseButton.RIGHT));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static FrameLocator.GetByRoleOptions in(String name) {
        return new FrameLocator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator item(Page page, String name) {
        return page.getByRole(AriaRole.MENUITEM, named(name));
    }

    private void offer(boolean visible, boolean relevant) {
        plugin.replies.put("POST /dynamic/vm/actions", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeAction","visible":%b,"relevant":%b}]}"""
                .formatted(visible, relevant)));
        offerMonitor(relevant);
    }

    private void offerMonitor(boolean visible) {
        plugin.replies.put("POST /dynamic/vm/monitor", Reply.json("""
                {"apiVersion":"1.0.0","dynamicItems":[{"id":"finalizeMonitor","visible":%b}]}"""
                .formatted(visible)));
    }

    /// The order that started a finalization.
    private ScriptedPlugin.Received order() throws InterruptedException {
        ScriptedPlugin.Received received = await("POST /api/v1/finalizations");
        assertThat(received.token()).isEqualTo(FixedVSphere.TOKEN);
        return received;
    }
}
