package org.vmfinalize.server.instantvm;

import java.util.Comparator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.HardwareVersion;

/// Whether the destination can run a version of the virtual hardware.
final class HardwareVersions {

    private HardwareVersions() {}

    /// @param version none: the host's default, which always can
    /// @throws Problem HARDWARE_VERSION_UNSUPPORTED that says which it can; nothing is refused if vCenter does not tell
    static void require(Caller caller, @Nullable String version, Destination destination) {
        if (version == null) {
            return;
        }
        if (!version.matches("vmx-\\d{1,3}")) {
            throw new Problem(ProblemType.HARDWARE_VERSION_UNSUPPORTED,
                    "hardware version: must look like vmx-19 but was '%s'"
                            .formatted(version.length() > 40 ? version.substring(0, 40) : version));
        }
        var host = destination.hosts().getFirst();
        var known = caller.ask(vcenter -> vcenter.hardwareVersions(destination.computeResource())).stream()
                .filter(one -> one.creatable()
                        && (one.hosts().isEmpty() || one.hosts().contains(host.ref())))
                .map(HardwareVersion::key).sorted(Comparator.comparingInt(String::length)
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        if (!known.isEmpty() && !known.contains(version)) {
            throw new Problem(ProblemType.HARDWARE_VERSION_UNSUPPORTED,
                    "hardware version %s: host '%s' cannot run it, only %s; choose one of them, or a newer host"
                            .formatted(version, host.name(), known.stream()
                                    .collect(Collectors.joining(", "))));
        }
    }
}
