package org.vmfinalize.places;

import java.util.regex.Pattern;

/// Keeps secrets out of what people see.
public final class Credentials {

    private static final Pattern USER_INFO = Pattern.compile("(//)[^/@]*@");
    private static final Pattern QUERY = Pattern.compile("\\?.*", Pattern.DOTALL);

    private Credentials() {}

    /// `location` without the parts of a URI that may hold a password or a signature: user information and query.
    public static String hidden(String location) {
        // The query of an NBD address on this server names its socket.
        if (!location.contains("://") || location.startsWith("nbd+unix:")) {
            return location;
        }
        return QUERY.matcher(USER_INFO.matcher(location).replaceFirst("$1***@")).replaceFirst("?***");
    }
}
