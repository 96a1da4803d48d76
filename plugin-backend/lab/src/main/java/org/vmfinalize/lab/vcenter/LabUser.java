package org.vmfinalize.lab.vcenter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;

/// A user of the lab's vCenter. Its text does not show the password.
final class LabUser {

    private static final Set<String> OPERATOR = Set.of("System.Anonymous", "System.View", "System.Read",
            "VirtualMachine.Interact.PowerOn", "VirtualMachine.Interact.PowerOff",
            "VirtualMachine.Config.Rename");

    private final String name;
    private final String password;
    private final boolean administrator;

    /// @param name such as `administrator@vsphere.local`
    LabUser(String name, String password, boolean administrator) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("%s: the password must not be empty".formatted(name));
        }
        this.name = name;
        this.password = password;
        this.administrator = administrator;
    }

    boolean is(String userName) {
        return name.equalsIgnoreCase(userName) || apiName().equalsIgnoreCase(userName);
    }

    boolean hasPassword(String given) {
        return MessageDigest.isEqual(password.getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8));
    }

    boolean may(String privilege) {
        return administrator || OPERATOR.contains(privilege);
    }

    /// The form in which vCenter shows it: `VSPHERE.LOCAL\Administrator`.
    String apiName() {
        int at = name.indexOf('@');
        return name.substring(at + 1).toUpperCase(Locale.ROOT) + "\\" + name.substring(0, at);
    }

    @Override
    public String toString() {
        return name;
    }
}
