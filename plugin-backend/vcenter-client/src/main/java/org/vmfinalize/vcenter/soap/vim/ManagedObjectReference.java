package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;

/// A reference on the wire: `<obj type="VirtualMachine">vm-51</obj>`.
@XmlType(name = "ManagedObjectReference")
public class ManagedObjectReference {

    @XmlAttribute
    public @Nullable String type;

    @XmlValue
    public @Nullable String value;

    /// The wire's form of `ref`.
    public static ManagedObjectReference of(MoRef ref) {
        var reference = new ManagedObjectReference();
        reference.type = ref.type();
        reference.value = ref.value();
        return reference;
    }

    /// The reference, with empty texts for what the server left out.
    public MoRef toMoRef() {
        return new MoRef(type == null ? "" : type, value == null ? "" : value.strip());
    }
}
