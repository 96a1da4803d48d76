package org.vmfinalize.server.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way to vCenter, as the settings name it.
class VCenterSettingsTest {

    private static final URI PROXY = URI.create("http://proxy.example.org:3128");

    @TempDir
    Path folder;

    private static VCenterSettings settings(@Nullable URI proxy, @Nullable String user, @Nullable Path file) {
        return new VCenterSettings(URI.create("https://vcenter.example.org/sdk"), null, null, proxy, user,
                file, null, null);
    }

    @Test
    void thePasswordForTheProxyComesFromItsFile() throws IOException {
        var file = Files.writeString(folder.resolve("secret"), "proxy-secret\n");

        var address = settings(PROXY, "alice", file).address();

        var request = address.proxy().orElseThrow().logIn(HttpRequest.newBuilder(address.sdk())).build();
        assertThat(request.headers().firstValue("Proxy-Authorization"))
                .contains("Basic YWxpY2U6cHJveHktc2VjcmV0");
        assertThat(settings(PROXY, "alice", file).toString() + address).doesNotContain("proxy-secret");
    }

    @Test
    void aProxyNeedsNoLogin() {
        assertThat(settings(PROXY, null, null).address().proxy()).hasToString("Optional[" + PROXY + "]");
        assertThat(settings(null, null, null).address().proxy()).isEmpty();
    }

    @Test
    void halfALoginIsRefused() {
        var file = folder.resolve("secret");
        for (var half : new VCenterSettings[]{settings(PROXY, "alice", null), settings(PROXY, null, file),
                settings(null, "alice", file)}) {
            assertThatIllegalArgumentException().isThrownBy(half::address)
                    .withMessageContaining("proxy, proxy-user and proxy-password-file belong together");
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        var settings = settings(PROXY, "alice", folder.resolve("nowhere"));

        assertThatThrownBy(settings::address).hasMessageContaining("nowhere: the password for the proxy")
                .hasMessageContaining("vmfinalize.vcenter.proxy-password-file");
    }
}
