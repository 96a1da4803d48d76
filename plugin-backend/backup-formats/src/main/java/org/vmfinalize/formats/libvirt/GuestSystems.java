package org.vmfinalize.formats.libvirt;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vmfinalize.formats.xml.XmlElement;

/// Operating systems, by the addresses that libosinfo gives them, such as `http://ubuntu.com/ubuntu/24.04`.
final class GuestSystems {

    private static final Map<String, String> IDS = new LinkedHashMap<>();

    static {
        IDS.put("microsoft.com/win/10", "windows9_64Guest");
        IDS.put("microsoft.com/win/11", "windows11_64Guest");
        IDS.put("microsoft.com/win/2k16", "windows9Server64Guest");
        IDS.put("microsoft.com/win/2k19", "windows2019srv_64Guest");
        IDS.put("microsoft.com/win/2k22", "windows2019srvNext_64Guest");
        IDS.put("ubuntu.com/ubuntu", "ubuntu64Guest");
        IDS.put("debian.org/debian", "debian11_64Guest");
        IDS.put("fedoraproject.org/fedora", "fedora64Guest");
        IDS.put("redhat.com/rhel/9", "rhel9_64Guest");
        IDS.put("redhat.com/rhel/8", "rhel8_64Guest");
        IDS.put("centos.org/centos", "centos8_64Guest");
        IDS.put("freebsd.org", "freebsd64Guest");
        IDS.put("linux", "otherLinux64Guest");
    }

    private GuestSystems() {}

    /// vSphere's identifier; that of any other system if the domain does not tell.
    static String vsphereId(XmlElement domain) {
        Optional<String> address = domain.find("metadata", "libosinfo", "os")
                .flatMap(os -> os.attribute("id"));
        String arch = domain.find("os", "type").flatMap(type -> type.attribute("arch")).orElse("x86_64");
        String fallback = arch.equals("i686") ? "otherGuest" : "otherGuest64";
        return address.flatMap(
                text -> IDS.entrySet().stream().filter(id -> text.contains(id.getKey()))
                        .map(Map.Entry::getValue).findFirst())
                .orElse(fallback);
    }
}
