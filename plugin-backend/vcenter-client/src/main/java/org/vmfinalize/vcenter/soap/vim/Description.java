package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlType;
import org.jspecify.annotations.Nullable;

/// A label and a longer text for people.
@XmlType(name = "Description", propOrder = {"label", "summary"})
public class Description {

    public @Nullable String label;
    public @Nullable String summary;

    /// A description with both texts.
    public static Description of(String label, String summary) {
        var description = new Description();
        description.label = label;
        description.summary = summary;
        return description;
    }
}
