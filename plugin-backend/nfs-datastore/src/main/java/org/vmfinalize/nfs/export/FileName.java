package org.vmfinalize.nfs.export;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vmfinalize.datastore.Datastore;

/// Rules for the names that clients send: names are bytes, single components, and never lead out of their directory.
public final class FileName {

    /// Longest name, in bytes.
    public static final int MAX_BYTES = 255;

    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};
    private static final byte[] HIDDEN = Datastore.HIDDEN_FOLDER.getBytes(StandardCharsets.UTF_8);

    private FileName() {}

    /// Checks a name that shall be found.
    ///
    /// @throws NfsException INVAL if it is empty, NAMETOOLONG, or ACCES if it could not be the name of a file
    public static void checkForLookup(byte[] name) throws NfsException {
        check(name, NfsStatus.ACCES);
    }

    /// Checks a name that shall be made, `.` and `..` being there already.
    public static void checkForCreation(byte[] name) throws NfsException {
        check(name, NfsStatus.INVAL);
        if (isSelf(name) || isParent(name)) {
            throw new NfsException(NfsStatus.EXIST);
        }
    }

    /// Checks a name that shall go away or change; `.` and `..` cannot.
    public static void checkForRemoval(byte[] name) throws NfsException {
        check(name, NfsStatus.ACCES);
        if (isSelf(name) || isParent(name)) {
            throw new NfsException(NfsStatus.INVAL);
        }
    }

    private static void check(byte[] name, NfsStatus forbiddenByte) throws NfsException {
        if (name.length == 0) {
            throw new NfsException(NfsStatus.INVAL);
        }
        if (name.length > MAX_BYTES) {
            throw new NfsException(NfsStatus.NAMETOOLONG);
        }
        for (byte b : name) {
            if (b == '/' || b == 0) {
                throw new NfsException(forbiddenByte);
            }
        }
    }

    static boolean isSelf(byte[] name) {
        return Arrays.equals(name, SELF);
    }

    static boolean isParent(byte[] name) {
        return Arrays.equals(name, PARENT);
    }

    /// Whether it is the name of the folder that no client sees, in an export's root.
    static boolean isHidden(byte[] name) {
        return Arrays.equals(name, HIDDEN);
    }
}
