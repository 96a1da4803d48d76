package org.vmfinalize.lab.vcenter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// Registered extensions and their tasks.
final class ExtensionMethods {

    private final World world;
    private final Tasks tasks;
    private final Map<String, Data> extensions = new LinkedHashMap<>();

    ExtensionMethods(World world, Tasks tasks) {
        this.world = world;
        this.tasks = tasks;
    }

    void addTo(Methods methods) {
        methods.add("FindExtension", "ExtensionManager", Methods.ANY_USER,
                in -> Optional.ofNullable(extensions.get(in.request().text("extensionKey"))).stream()
                        .toList());
        methods.add("RegisterExtension", "ExtensionManager", "Extension.Register", this::register);
        methods.add("UpdateExtension", "ExtensionManager", "Extension.Update", this::update);
        methods.add("UnregisterExtension", "ExtensionManager", "Extension.Unregister", in -> {
            if (extensions.remove(in.request().text("extensionKey")) == null) {
                throw notFound();
            }
            return List.of();
        });
        methods.add("CreateTask", "TaskManager", "Task.Create", this::createTask);
        methods.add("SetTaskState", "Task", "Task.Update", this::setState);
        methods.add("UpdateProgress", "Task", "Task.Update", in -> changed(in,
                task -> task.progress(percent(in.request().text("percentDone")))));
        methods.add("SetTaskDescription", "Task", "Task.Update",
                in -> changed(in, task -> task.describe(in.request().data("description"))));
        methods.add("CancelTask", "Task", "Global.CancelTask", in -> changed(in, LabTask::cancel));
    }

    /// What pages need of the registered extensions, in the order of their registration.
    List<RegisteredExtension> registered() {
        return extensions.values().stream().map(RegisteredExtension::of).toList();
    }

    /// What a task of that type is called in English: the extension's own text, else the type.
    String label(String taskType) {
        return extensions.values().stream()
                .flatMap(extension -> extension.allData("resourceList").stream())
                .filter(resources -> resources.text("locale").startsWith("en"))
                .flatMap(resources -> resources.allData("data").stream())
                .filter(text -> text.text("key").equals(taskType + ".label"))
                .map(text -> text.text("value"))
                .findFirst().orElse(taskType);
    }

    private List<? extends Value> register(Invocation in) {
        var extension = valid(in.request().data("extension"));
        if (extensions.putIfAbsent(extension.text("key"), extension) != null) {
            throw LabFault.invalidArgument("extension.key");
        }
        return List.of();
    }

    private List<? extends Value> update(Invocation in) {
        var extension = valid(in.request().data("extension"));
        if (extensions.replace(extension.text("key"), extension) == null) {
            throw notFound();
        }
        return List.of();
    }

    private static Data valid(Data extension) {
        if (!extension.text("key").matches("[a-z0-9.]+")) {
            throw LabFault.invalidArgument("extension.key");
        }
        if (!extension.text("version").matches("\\d+(\\.\\d+){0,3}")) {
            throw LabFault.invalidArgument("extension.version");
        }
        if (extension.get("description") == null || extension.get("lastHeartbeatTime") == null) {
            throw LabFault.invalidArgument("extension");
        }
        return extension;
    }

    private List<Data> createTask(Invocation in) {
        String type = in.request().text("taskTypeId");
        boolean known = extensions.values().stream()
                .flatMap(extension -> extension.allData("taskList").stream())
                .anyMatch(task -> task.text("taskID").equals(type));
        if (!known) {
            throw LabFault.invalidArgument("taskType");
        }
        boolean cancelable = in.request().text("cancelable").equals("true");
        String initiator = in.request().parameters().text("initiatedBy");
        var task = tasks.add(null, type, in.request().ref("obj"),
                initiator.isEmpty() ? in.user().apiName() : initiator, cancelable);
        world.find(in.request().ref("obj")).ifPresent(entity -> {
            if (entity instanceof Machine machine) {
                machine.recentTasks.add(task.ref());
            }
        });
        return List.of(task.info());
    }

    private List<? extends Value> setState(Invocation in) {
        return changed(in, task -> {
            switch (in.request().text("state")) {
                case "running" -> task.run();
                case "success" -> task.succeed(in.request().parameters().get("result"));
                case "error" -> task.fail(fault(in));
                default -> throw LabFault.invalidArgument("state");
            }
        });
    }

    private static Data fault(Invocation in) {
        var localized = in.request().data("fault");
        if (!(localized.get("fault") instanceof Data fault) || fault.type().isEmpty()) {
            throw LabFault.invalidArgument("fault");
        }
        // The API wants a VimFault, and this is a RuntimeFault.
        if (fault.type().equals("RequestCanceled")) {
            throw LabFault.invalidArgument("fault");
        }
        return localized;
    }

    private List<Ref> changed(Invocation in, Consumer<LabTask> change) {
        change.accept(world.get(in.self(), LabTask.class));
        world.notifyChanged();
        return List.of();
    }

    private static int percent(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    private static LabFault notFound() {
        return new LabFault("NotFound", "The object or item referred to could not be found.");
    }
}
