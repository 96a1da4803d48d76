package org.vmfinalize.backup;

import java.util.Optional;
import java.util.regex.Pattern;

/// A virtual network adapter.
///
/// @param type what the guest needs a driver for
/// @param network what the network was called that it was connected to, if the backup tells
/// @param mac its address, such as `00:50:56:9a:12:34` in lower case, if the backup tells
public record NetworkAdapter(Type type, Optional<String> network, Optional<String> mac) {

    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    public NetworkAdapter {
        if (mac.isPresent() && !MAC.matcher(mac.get()).matches()) {
            throw new IllegalArgumentException(
                    "a MAC address must be six bytes such as 00:50:56:9a:12:34 but was '%s'"
                            .formatted(mac.get()));
        }
    }

    /// Types of adapters, by what vSphere calls them.
    public enum Type {
        VMXNET3, VMXNET2, E1000, E1000E, PCNET32
    }
}
