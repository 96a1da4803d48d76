package org.vmfinalize.server.datastore;

import java.util.List;

/// Where the parents of disks on other datastores are. Answers before anything is served.
public interface ParentFolders {

    /// A folder of a datastore of ours whose disks are parents.
    record ParentFolder(String datastore, String folder) {}

    List<ParentFolder> parentFolders();
}
