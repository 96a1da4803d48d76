package org.vmfinalize.formats.vhd;

/// Paths of parents: of Windows or of Linux, absolute or relative, written on a machine that is not this one.
final class ParentPaths {

    private ParentPaths() {}

    /// The name without folders: the parent is looked for beside its child.
    static String lastPart(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
