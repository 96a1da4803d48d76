package org.vmfinalize.server.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vmfinalize.server.vcenter.PluginTexts;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;

class PluginExtensionTest {

    /// A fault that is not registered is shown without its text in the reader's language.
    @Test
    void everyFaultThatHasATextIsRegistered() {
        var extension = PluginExtension.of("1.0.0.0", "https://finalize.example.org", "AA");
        var end = ".summary";
        var faults = PluginTexts.all().getFirst().texts().keySet().stream()
                .filter(key -> key.startsWith(VmFinalizeKeys.TASK + ".") && key.endsWith(end))
                .map(key -> key.substring(0, key.length() - end.length()))
                .filter(fault -> !fault.equals(VmFinalizeKeys.TASK)).toList();

        assertThat(extension.faultIds()).containsExactlyInAnyOrderElementsOf(faults)
                .contains(VmFinalizeKeys.TASK_FAILED, VmFinalizeKeys.TASK_CANCELLED);
    }
}
