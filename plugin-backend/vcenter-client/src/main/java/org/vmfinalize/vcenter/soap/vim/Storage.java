package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Datastores.
public final class Storage {

    private Storage() {}

    @XmlType(name = "HostNasVolumeSpec", propOrder = {"remoteHost", "remotePath", "localPath", "accessMode",
            "type"})
    public static class NasVolumeSpec {
        public @Nullable String remoteHost;
        public @Nullable String remotePath;
        public @Nullable String localPath;
        public @Nullable String accessMode;
        public @Nullable String type;
    }

    @XmlType(name = "DatastoreSummary", propOrder = {"capacity", "freeSpace", "accessible", "type"})
    public static class Summary {
        public @Nullable Long capacity;
        public @Nullable Long freeSpace;
        public @Nullable Boolean accessible;
        public @Nullable String type;
    }

    @XmlType(name = "NasDatastoreInfo", propOrder = {"nas"})
    public static class NasInfo {
        public @Nullable NasVolume nas;
    }

    @XmlType(name = "HostNasVolume", propOrder = {"remoteHost", "remotePath"})
    public static class NasVolume {
        public @Nullable String remoteHost;
        public @Nullable String remotePath;
    }

    @XmlType(name = "DatastoreHostMount", propOrder = {"key", "mountInfo"})
    public static class HostMount {
        public @Nullable ManagedObjectReference key;
        public @Nullable MountInfo mountInfo;
    }

    @XmlType(name = "StorageIORMInfo", propOrder = {"enabled"})
    public static class IoControl {
        public @Nullable Boolean enabled;
    }

    @XmlType(name = "ClusterDasAdvancedRuntimeInfo", propOrder = {"heartbeatDatastoreInfo"})
    public static class DasRuntimeInfo {
        public List<HeartbeatDatastore> heartbeatDatastoreInfo = new ArrayList<>();
    }

    @XmlType(name = "DasHeartbeatDatastoreInfo", propOrder = {"datastore"})
    public static class HeartbeatDatastore {
        public @Nullable ManagedObjectReference datastore;
    }

    @XmlType(name = "HostMountInfo", propOrder = {"mounted", "accessible"})
    public static class MountInfo {
        public @Nullable Boolean mounted;
        public @Nullable Boolean accessible;
    }

    @XmlType(name = "ArrayOfDatastoreHostMount", propOrder = {"items"})
    public static class ArrayOfHostMounts {
        @XmlElement(name = "DatastoreHostMount")
        public List<HostMount> items = new ArrayList<>();
    }
}
