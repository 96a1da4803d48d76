package org.vmfinalize.lab.vcenter;

import java.util.List;
import org.vmfinalize.lab.vcenter.Value.Data;

/// What the lab's vSphere Client needs of a registered extension.
///
/// @param manifestUrl      the manifest of its user interface; empty if it has none
/// @param serverThumbprint SHA-256 of the certificate of the manifest's server; empty if none was registered
/// @param managedKinds     the kinds of objects that it manages
public record RegisteredExtension(String key, String version, String label, String manifestUrl,
        String serverThumbprint,
        List<ManagedKind> managedKinds) {

    /// Objects with an icon of their own.
    ///
    /// @param type         what the objects' `managedBy` names
    /// @param smallIconUrl where the 16-pixel icon is
    /// @param iconUrl      where the large icon is
    /// @param description  what the vSphere Client says of such an object
    public record ManagedKind(String type, String smallIconUrl, String iconUrl, String description) {}

    static RegisteredExtension of(Data extension) {
        String url = "";
        String thumbprint = "";
        for (var server : extension.allData("server")) {
            if (server.text("type").equals("MANIFEST_SERVER")) {
                url = server.text("url");
                thumbprint = server.text("serverThumbprint");
            }
        }
        var kinds = extension.allData("managedEntityInfo").stream()
                .map(info -> new ManagedKind(info.text("type"), info.text("smallIconUrl"),
                        info.text("iconUrl"), info.text("description")))
                .toList();
        String label = extension.get("description") instanceof Data description
                ? description.text("label")
                : "";
        return new RegisteredExtension(extension.text("key"), extension.text("version"), label, url,
                thumbprint, kinds);
    }
}
