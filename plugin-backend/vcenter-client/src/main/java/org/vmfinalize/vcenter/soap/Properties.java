package org.vmfinalize.vcenter.soap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;

/// Reads properties of managed objects through the property collector.
final class Properties {

    /// So many objects per answer: an answer of a thousand virtual machines has about a megabyte.
    private static final int PAGE = 1000;

    private final Session session;
    private final Services services;

    Properties(Session session, Services services) {
        this.session = session;
        this.services = services;
    }

    /// One object and what was read of it. A property that is not set, or that the user may not see, is not there.
    record Values(MoRef ref, Map<String, Object> byPath) {

        @Nullable
        Object get(String path) {
            return byPath.get(path);
        }

        String text(String path) {
            return Texts.text(byPath.get(path));
        }
    }

    /// Reads one object.
    Values of(MoRef object, String... paths) {
        var spec = filter(object.type(), List.of(paths), objectSpec(object));
        return session.reading(() -> all(spec).stream().findFirst()
                .orElseGet(() -> new Values(object, Map.of())));
    }

    /// Reads objects of one type; those that are gone are left out.
    List<Values> ofThese(String type, List<MoRef> objects, String... paths) {
        if (objects.isEmpty()) {
            return List.of();
        }
        var spec = filter(type, List.of(paths), objectSpec(objects.getFirst()));
        objects.stream().skip(1).map(Properties::objectSpec).forEach(spec.objectSet::add);
        return session.reading(() -> all(spec));
    }

    /// Reads all objects of a type in the inventory.
    List<Values> ofAll(String type, String... paths) {
        return session.reading(() -> {
            var view = createView(type);
            try {
                return all(filter(type, List.of(paths), throughView(view)));
            } finally {
                destroyView(view);
            }
        });
    }

    /// A view of all objects of a type, which follows the inventory.
    MoRef createView(String type) {
        return session.sendForOne(Call.of("CreateContainerView", services.viewManager())
                .with("container", services.rootFolder())
                .with("type", type)
                .with("recursive", true), ManagedObjectReference.class).toMoRef();
    }

    /// Lets the view go. A lost session has taken it along already.
    void destroyView(MoRef view) {
        try {
            session.send(Call.of("DestroyView", view));
        } catch (VCenterFault e) {
            if (!e.is(VCenterFault.NOT_AUTHENTICATED) && !e.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw e;
            }
        }
    }

    static Collector.FilterSpec filter(String type, List<String> paths, Collector.ObjectSpec objects) {
        var filter = new Collector.FilterSpec();
        filter.propSet.add(propertySpec(type, paths));
        filter.objectSet.add(objects);
        return filter;
    }

    static Collector.PropertySpec propertySpec(String type, List<String> paths) {
        var properties = new Collector.PropertySpec();
        properties.type = type;
        properties.pathSet.addAll(paths);
        return properties;
    }

    static Collector.ObjectSpec objectSpec(MoRef object) {
        var spec = new Collector.ObjectSpec();
        spec.obj = ManagedObjectReference.of(object);
        return spec;
    }

    /// The objects that a view shows, not the view itself.
    static Collector.ObjectSpec throughView(MoRef view) {
        var traversal = new Collector.TraversalSpec();
        traversal.name = "view";
        traversal.type = view.type();
        traversal.path = "view";
        traversal.skip = false;
        var spec = objectSpec(view);
        spec.skip = true;
        spec.selectSet.add(traversal);
        return spec;
    }

    private List<Values> all(Collector.FilterSpec spec) {
        var options = new Collector.RetrieveOptions();
        options.maxObjects = PAGE;
        var found = new ArrayList<Values>();
        var page = session.send(Call.of("RetrievePropertiesEx", services.propertyCollector())
                .with("specSet", Collector.FilterSpec.class, spec)
                .with("options", Collector.RetrieveOptions.class, options), Collector.RetrieveResult.class);
        // No result at all: nothing was found.
        while (!page.isEmpty()) {
            page.getFirst().objects.forEach(content -> found.add(values(content)));
            String token = page.getFirst().token;
            if (token == null) {
                break;
            }
            page = session.send(Call.of("ContinueRetrievePropertiesEx", services.propertyCollector())
                    .with("token", token), Collector.RetrieveResult.class);
        }
        return found;
    }

    private static Values values(Collector.ObjectContent content) {
        var byPath = new HashMap<String, Object>();
        for (var property : content.propSet) {
            if (property.name != null && property.val != null) {
                byPath.put(property.name, property.val);
            }
        }
        return new Values(content.obj == null ? new MoRef("", "") : content.obj.toMoRef(),
                Map.copyOf(byPath));
    }
}
