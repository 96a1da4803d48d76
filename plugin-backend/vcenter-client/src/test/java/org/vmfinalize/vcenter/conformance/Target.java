package org.vmfinalize.vcenter.conformance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.VCenterAddress;

/// The vCenter that is judged. By default the one that the system properties name, else govmomi's simulator, started here.
///
/// - `vcenter.url`, `vcenter.user`: where and who
/// - `vcenter.password`, or the environment's `VCENTER_PASSWORD`
/// - `vcenter.thumbprint` or `vcenter.ca-file`: how it is known; on the own machine its certificate is taken as it is
/// - `vcenter.nfs`: `server:/path` of an export to be mounted on a host; without it nothing is mounted
public record Target(VCenterAddress address, String user, String password, Optional<NfsMount> nfs,
        Optional<AutoCloseable> started) implements AutoCloseable {

    static Target find() throws IOException {
        String url = System.getProperty("vcenter.url", "");
        if (url.isBlank()) {
            var simulator = Simulator.start();
            return new Target(Certificates.pinned(simulator.sdk()), Simulator.USER, simulator.password(),
                    // Its datastores are folders of the own machine.
                    Optional.of(new NfsMount("192.0.2.10", "/export", simulator.folder().toString(), false)),
                    Optional.of(simulator));
        }
        return new Target(address(URI.create(url)), required("vcenter.user"), givenPassword(), givenNfs(),
                Optional.empty());
    }

    private static VCenterAddress address(URI url) throws IOException {
        var thumbprint = Optional.ofNullable(System.getProperty("vcenter.thumbprint"));
        var caFile = Optional.ofNullable(System.getProperty("vcenter.ca-file")).map(Path::of);
        if (thumbprint.isEmpty() && caFile.isEmpty() && Certificates.isOwnMachine(url)) {
            return Certificates.pinned(url);
        }
        return new VCenterAddress(url, thumbprint, caFile);
    }

    private static Optional<NfsMount> givenNfs() {
        return Optional.ofNullable(System.getProperty("vcenter.nfs")).map(export -> {
            int colon = export.lastIndexOf(":/");
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "vcenter.nfs: must be server:/path but was '%s'".formatted(export));
            }
            return new NfsMount(export.substring(0, colon), export.substring(colon + 1),
                    "vm-finalize-conformance", false);
        });
    }

    private static String givenPassword() {
        String password = System.getProperty("vcenter.password", System.getenv("VCENTER_PASSWORD"));
        if (password == null) {
            throw new IllegalArgumentException(
                    "vcenter.password: must be set, or VCENTER_PASSWORD in the environment");
        }
        return password;
    }

    private static String required(String name) {
        String value = System.getProperty(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException("%s: must be set together with vcenter.url".formatted(name));
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        if (started.isPresent()) {
            try {
                started.get().close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("what was started for the test could not be ended", e);
            }
        }
    }
}
