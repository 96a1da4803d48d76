package org.vmfinalize.formats.ovf;

import java.util.Map;
import java.util.Optional;

/// Operating systems, by the numbers that CIM gives them (`CIM_OperatingSystem.OsType`): those that package writers
/// without vSphere's own identifiers use most.
final class GuestSystems {

    private static final Map<String, String> IDS = Map.ofEntries(Map.entry("1", "otherGuest"),
            Map.entry("36", "otherLinuxGuest"), Map.entry("42", "freebsdGuest"),
            Map.entry("78", "freebsd64Guest"),
            Map.entry("79", "rhel5Guest"), Map.entry("80", "rhel5_64Guest"), Map.entry("93", "ubuntuGuest"),
            Map.entry("94", "ubuntu64Guest"), Map.entry("95", "debian5Guest"),
            Map.entry("96", "debian5_64Guest"),
            Map.entry("100", "other26xLinuxGuest"), Map.entry("101", "other26xLinux64Guest"),
            Map.entry("102", "otherGuest64"), Map.entry("103", "windows7Server64Guest"),
            Map.entry("105", "windows7_64Guest"), Map.entry("106", "centosGuest"),
            Map.entry("107", "centos64Guest"));

    private GuestSystems() {}

    static Optional<String> vsphereId(String number) {
        return Optional.ofNullable(IDS.get(number));
    }
}
