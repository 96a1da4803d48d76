package org.vmfinalize.vcenter.soap;

import java.util.Map;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.Machines.ConfigSpec;

/// Turns what a virtual machine shall be into the wire's form.
final class MachineForm {

    private static final int MAX_NAME = 80;

    private MachineForm() {}

    /// The name as the API takes it: a percent sign begins an escape there.
    ///
    /// @throws IllegalArgumentException if it cannot be the name of a virtual machine
    static String escapedName(String name) {
        if (name.isBlank() || name.codePointCount(0, name.length()) > MAX_NAME) {
            throw new IllegalArgumentException(
                    "virtual machine's name: must have 1 to %d characters but had %d"
                            .formatted(MAX_NAME, name.isBlank() ? 0 : name.codePointCount(0, name.length())));
        }
        if (!name.codePoints().allMatch(MachineForm::mayBeInName)) {
            throw new IllegalArgumentException(
                    "virtual machine's name: must not contain control characters; type it without them");
        }
        return name.replace("%", "%25");
    }

    /// XML has no way to write the others.
    private static boolean mayBeInName(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE
                && character != 0xfffe && character != 0xffff;
    }

    static ConfigSpec managedBy(String extensionKey, String type) {
        var info = new Machines.ManagedByInfo();
        info.extensionKey = extensionKey;
        info.type = type;
        var spec = new ConfigSpec();
        spec.managedBy = info;
        return spec;
    }

    static ConfigSpec of(VirtualMachineSpec vm) {
        var spec = vm.managedBy().map(managedBy -> managedBy(managedBy.extensionKey(), managedBy.type()))
                .orElseGet(ConfigSpec::new);
        spec.name = escapedName(vm.name());
        spec.files = new Machines.FileInfo();
        spec.files.vmPathName = vm.home().toString();
        vm.extraConfig().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            var option = new Machines.OptionValue();
            option.key = entry.getKey();
            option.value = entry.getValue();
            spec.extraConfig.add(option);
        });
        HardwareForm.fill(spec, vm.hardware());
        return spec;
    }
}
