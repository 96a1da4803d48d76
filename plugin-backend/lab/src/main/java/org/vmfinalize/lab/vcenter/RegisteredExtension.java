package org.vmfinalize.lab.vcenter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vmfinalize.lab.vcenter.Value.Data;

/// What the lab's vSphere Client needs of a registered extension.
///
/// @param manifestUrl      the manifest of its user interface; empty if it has none
/// @param serverThumbprint SHA-256 of the certificate of the manifest's server; empty if none was registered
/// @param smallIcons       the 16-pixel icon's address, by managed entity type
public record RegisteredExtension(String key, String version, String label, String manifestUrl,
        String serverThumbprint,
        Map<String, String> smallIcons) {

    static RegisteredExtension of(Data extension) {
        String url = "";
        String thumbprint = "";
        for (var server : extension.allData("server")) {
            if (server.text("type").equals("MANIFEST_SERVER")) {
                url = server.text("url");
                thumbprint = server.text("serverThumbprint");
            }
        }
        var icons = new LinkedHashMap<String, String>();
        extension.allData("managedEntityInfo")
                .forEach(info -> icons.put(info.text("type"), info.text("smallIconUrl")));
        String label = extension.get("description") instanceof Data description
                ? description.text("label")
                : "";
        return new RegisteredExtension(extension.text("key"), extension.text("version"), label, url,
                thumbprint,
                Map.copyOf(icons));
    }
}
