package org.vmfinalize.nfs.export;

import java.net.InetAddress;

/// A set of client addresses, such as `192.0.2.0/24` or `2001:db8::1`.
///
/// @param address an address in the network
/// @param prefixBits how many leading bits of a client's address must equal those of `address`
public record ClientNetwork(InetAddress address, int prefixBits) {

    public ClientNetwork {
        int most = address.getAddress().length * Byte.SIZE;
        if (prefixBits < 0 || prefixBits > most) {
            throw new IllegalArgumentException("client network %s: the prefix must have 0..%d bits but had %d"
                    .formatted(address.getHostAddress(), most, prefixBits));
        }
    }

    /// Reads `ADDRESS` or `ADDRESS/BITS`. Names of hosts are not looked up: an answer of a name server is no access rule.
    ///
    /// @throws IllegalArgumentException if `text` has another form
    public static ClientNetwork parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            int bits = slash < 0
                    ? address.getAddress().length * Byte.SIZE
                    : Integer.parseInt(text.substring(slash + 1));
            return new ClientNetwork(address, bits);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "client network: it must be an IP address, or one with /BITS, but was '%s'"
                            .formatted(text),
                    e);
        }
    }

    /// Whether `client` belongs to the network.
    public boolean contains(InetAddress client) {
        byte[] mine = address.getAddress();
        byte[] theirs = client.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int wholeBytes = prefixBits / Byte.SIZE;
        for (int i = 0; i < wholeBytes; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int restBits = prefixBits % Byte.SIZE;
        return restBits == 0
                || ((mine[wholeBytes] ^ theirs[wholeBytes]) & 0xff) >> (Byte.SIZE - restBits) == 0;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixBits;
    }
}
