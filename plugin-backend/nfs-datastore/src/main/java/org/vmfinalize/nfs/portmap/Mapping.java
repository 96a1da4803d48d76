package org.vmfinalize.nfs.portmap;

import java.net.Inet6Address;
import java.net.InetAddress;

/// On which port a version of a program is served.
///
/// @param protocol [#TCP] or [#UDP]
public record Mapping(int program, int version, int protocol, int port) {

    /// IP protocol numbers, as mappings name them.
    public static final int TCP = 6;
    public static final int UDP = 17;

    /// The transport's name in versions 3 and 4 of the protocol (RFC 5665, section 5.1).
    String netId(InetAddress address) {
        return (protocol == TCP ? "tcp" : "udp") + (address instanceof Inet6Address ? "6" : "");
    }

    /// Where the program is reached, as a universal address (RFC 5665, section 5.2.3): the address and the two bytes of the
    /// port in decimal.
    String universalAddress(InetAddress address) {
        String host = address.getHostAddress();
        int zone = host.indexOf('%');
        return "%s.%d.%d".formatted(zone < 0 ? host : host.substring(0, zone), port >> 8, port & 0xff);
    }
}
