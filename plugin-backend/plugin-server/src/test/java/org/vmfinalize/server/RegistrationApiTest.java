package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.VCenterFault;

/// How the plugin is registered, seen, and taken away again.
class RegistrationApiTest {

    private static final String PATH = "/api/v1/registration";

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @Test
    void whatRegisteringWouldChangeIsShownThenDoneThenNothingIsLeftToDo() throws Exception {
        try (var server = RunningServer.start(folder, vcenter, "--vmfinalize.register-extension=false")
                .as("alice", "ecila")) {
            var before = server.get(PATH).json();
            assertThat(before.get("registered").asBoolean()).isFalse();
            assertThat(vcenter.extensions).isEmpty();

            var after = server.send("PUT", PATH, "{}").json();

            assertThat(after.get("upToDate").asBoolean()).isTrue();
            assertThat(after.get("differences").isEmpty()).isTrue();
            var extension = registered();
            assertThat(extension.eventIds()).isEqualTo(VmFinalizeKeys.EVENTS);
            assertThat(extension.resources()).extracting(Extension.Resources::locale)
                    .containsExactly("en", "de", "ja", "zh_CN");
            vcenter.failing.put("updateExtension", "must not be called");
            assertThat(server.send("PUT", PATH, "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void everyLanguageHasEveryText() throws Exception {
        try (var _ = RunningServer.start(folder, vcenter)) {
            var resources = registered().resources();

            var english = resources.getFirst().texts().keySet();
            assertThat(resources).allSatisfy(texts -> assertThat(texts.texts().keySet()).isEqualTo(english));
            assertThat(english)
                    .containsAll(VmFinalizeKeys.EVENTS.stream().map(id -> id + ".fullFormat").toList())
                    .contains(VmFinalizeKeys.TASK + ".label",
                            "privilege." + VmFinalizeKeys.PRIVILEGE_RUN + ".label");
        }
    }

    @Test
    void anotherVersionAndCertificateAreNamed() throws Exception {
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var own = registered();
            vcenter.extensions.put(own.key(), new Extension(own.key(), "0.0.1", own.company(), own.label(),
                    own.summary(), List.of(), own.clients(), own.taskIds(), own.eventIds(), own.faultIds(),
                    own.privileges(), own.resources().subList(0, 1), own.managedEntities()));

            var seen = server.get(PATH).json();

            assertThat(seen.get("upToDate").asBoolean()).isFalse();
            assertThat(seen.get("differences").valueStream().map(one -> one.get("what").asString()))
                    .containsExactly("version", "server", "texts de", "texts ja", "texts zh_CN");
        }
    }

    @Test
    void itIsTakenAwayAsTheCallerAndOnlyOnce() throws Exception {
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            vcenter.failing.put("unregisterExtension", VCenterFault.NO_PERMISSION);
            assertThat(server.send("DELETE", PATH, "{}").problem()).isEqualTo("forbidden");
            vcenter.failing.clear();

            assertThat(server.send("DELETE", PATH, "{}").json().get("registered").asBoolean()).isFalse();

            assertThat(vcenter.extensions).isEmpty();
            assertThat(server.send("DELETE", PATH, "{}").status()).isEqualTo(200);
        }
    }

    private Extension registered() {
        return Objects.requireNonNull(vcenter.extensions.get(VmFinalizeKeys.EXTENSION));
    }
}
