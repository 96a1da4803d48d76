package org.vmfinalize.nfs.posix;

/// Error numbers of Linux, as in `errno(3)`; the same on x86-64 and AArch64.
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EMLINK = 31;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int EOPNOTSUPP = 95;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;

    private Errno() {}

    static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted";
            case ENOENT -> "no such file";
            case EIO -> "input/output error";
            case EACCES -> "access denied";
            case EEXIST -> "exists";
            case ENOTDIR -> "not a directory";
            case EISDIR -> "is a directory";
            case EINVAL -> "invalid argument";
            case EFBIG -> "file too large";
            case ENOSPC -> "no space left";
            case EROFS -> "read-only file system";
            case ENAMETOOLONG -> "name too long";
            case ENOTEMPTY -> "directory not empty";
            case EDQUOT -> "quota exceeded";
            default -> "see errno(3)";
        };
    }
}
