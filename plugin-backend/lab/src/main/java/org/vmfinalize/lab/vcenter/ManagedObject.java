package org.vmfinalize.lab.vcenter;

import java.util.List;
import java.util.function.Supplier;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// Something of the inventory: who it is and which properties it has now.
interface ManagedObject {

    Ref ref();

    /// All properties by their first names, as a tree. Those that have no value now are not there.
    Data properties();

    /// Names of properties that exist although they may have no value.
    default List<String> optionalProperties() {
        return List.of();
    }

    /// An object whose properties are found by asking.
    static ManagedObject of(Ref ref, Supplier<Data> properties) {
        return new ManagedObject() {
            @Override
            public Ref ref() {
                return ref;
            }

            @Override
            public Data properties() {
                return properties.get();
            }
        };
    }
}
