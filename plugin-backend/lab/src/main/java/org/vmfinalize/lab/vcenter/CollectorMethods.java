package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.vmfinalize.lab.vcenter.LabSession.ListView;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.lab.vcenter.Value.Scalar;

/// Views and property collectors: reading, and waiting for changes.
final class CollectorMethods {

    private static final int LONGEST_WAIT_SECONDS = 600;

    private final World world;

    CollectorMethods(World world) {
        this.world = world;
    }

    void addTo(Methods methods) {
        methods.add("CreateContainerView", "ViewManager", Methods.ANY_USER, this::createView);
        methods.add("CreateListView", "ViewManager", Methods.ANY_USER, in -> {
            var ref = in.session().newRef("ListView");
            var view = new ListView(world, new LinkedHashSet<>());
            in.session().views.put(ref, view);
            add(view, in.request().parameters().all("obj"));
            return List.of(ref);
        });
        methods.add("ModifyListView", "ListView", Methods.ANY_USER, this::modifyList);
        methods.add("DestroyView", "", Methods.ANY_USER, in -> {
            if (in.session().views.remove(in.self()) == null) {
                throw LabFault.notFound(in.self());
            }
            return List.of();
        });
        methods.add("RetrievePropertiesEx", "PropertyCollector", "System.View", this::retrieve);
        methods.add("ContinueRetrievePropertiesEx", "PropertyCollector", "System.View", in -> {
            var rest = in.session().pages.remove(in.request().text("token"));
            if (rest == null) {
                throw LabFault.invalidArgument("token");
            }
            return page(in, rest, rest.size());
        });
        methods.add("CreatePropertyCollector", "PropertyCollector", Methods.ANY_USER, in -> {
            var ref = in.session().newRef("PropertyCollector");
            in.session().collectors.put(ref, new Collector(world));
            return List.of(ref);
        });
        methods.add("DestroyPropertyCollector", "PropertyCollector", Methods.ANY_USER, in -> {
            collector(in).cancel();
            in.session().collectors.remove(in.self());
            return List.of();
        });
        methods.add("CreateFilter", "PropertyCollector", "System.View", in -> {
            var ref = in.session().newRef("PropertyFilter");
            collector(in).addFilter(ref, new Selection(world, in.session(), in.request().data("spec")));
            return List.of(ref);
        });
        methods.add("DestroyPropertyFilter", "PropertyFilter", Methods.ANY_USER, in -> {
            if (in.session().collectors.values().stream()
                    .noneMatch(collector -> collector.removeFilter(in.self()))) {
                throw LabFault.notFound(in.self());
            }
            return List.of();
        });
        methods.add("WaitForUpdatesEx", "PropertyCollector", Methods.ANY_USER, in -> collector(in)
                .waitForUpdates(in.request().parameters().text("version"), World.nanos(waitSeconds(in)))
                .stream().toList());
        methods.add("CancelWaitForUpdates", "PropertyCollector", Methods.ANY_USER, in -> {
            collector(in).cancel();
            return List.of();
        });
    }

    private List<? extends Value> createView(Invocation in) {
        var container = in.request().ref("container");
        world.get(container);
        if (!in.request().text("recursive").equals("true")) {
            throw new LabFault("NotSupported", "The lab has recursive views only.");
        }
        var types = in.request().parameters().all("type").stream().map(type -> ((Scalar) type).text())
                .toList();
        var ref = in.session().newRef("ContainerView");
        in.session().views.put(ref, () -> world.below(container, types));
        return List.of(ref);
    }

    private List<? extends Value> modifyList(Invocation in) {
        if (!(in.session().views.get(in.self()) instanceof ListView view)) {
            throw LabFault.notFound(in.self());
        }
        var unknown = add(view, in.request().parameters().all("add"));
        in.request().parameters().all("remove").forEach(view.listed()::remove);
        world.notifyChanged();
        return unknown;
    }

    /// @return those that there are none of
    private List<Ref> add(ListView view, List<Value> refs) {
        var unknown = new ArrayList<Ref>();
        for (var value : refs) {
            if (value instanceof Ref ref && world.find(ref).isPresent()) {
                view.listed().add(ref);
            } else if (value instanceof Ref ref) {
                unknown.add(ref);
            }
        }
        return unknown;
    }

    private List<? extends Value> retrieve(Invocation in) {
        var contents = new ArrayList<Data>();
        for (var spec : in.request().parameters().allData("specSet")) {
            new Selection(world, in.session(), spec).values()
                    .forEach((ref, values) -> contents.add(Selection.content(ref, values)));
        }
        var options = in.request().parameters().get("options");
        int most = options instanceof Data data
                ? number(data.text("maxObjects"), Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
        // Nothing found: nothing returned.
        return contents.isEmpty() ? List.of() : page(in, contents, most);
    }

    private static List<Data> page(Invocation in, List<Data> contents, int most) {
        if (contents.size() <= most) {
            return List.of(Value.data("RetrieveResult", "objects", contents));
        }
        String token = UUID.randomUUID().toString();
        in.session().pages.put(token, List.copyOf(contents.subList(most, contents.size())));
        return List.of(Value.data("RetrieveResult", "token", token, "objects", contents.subList(0, most)));
    }

    private static Collector collector(Invocation in) {
        var collector = in.session().collectors.get(in.self());
        if (collector == null) {
            throw LabFault.notFound(in.self());
        }
        return collector;
    }

    private static int waitSeconds(Invocation in) {
        int asked = in.request().parameters().get("options") instanceof Data options
                ? number(options.text("maxWaitSeconds"), LONGEST_WAIT_SECONDS)
                : LONGEST_WAIT_SECONDS;
        return Math.min(asked, LONGEST_WAIT_SECONDS);
    }

    private static int number(String text, int otherwise) {
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw LabFault.invalidArgument("options");
        }
        return Integer.parseInt(text);
    }
}
