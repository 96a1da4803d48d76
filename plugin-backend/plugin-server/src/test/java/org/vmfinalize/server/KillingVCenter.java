package org.vmfinalize.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.AboutInfo;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterConnector;

/// A vCenter at whose n-th call that changes something the server is killed: the call has taken effect, and the server
/// never hears of it.
final class KillingVCenter implements VCenterConnector {

    private static final Set<String> CHANGING = Set.of("rename", "setManagedBy", "clearManagedBy", "createVm",
            "powerOn", "powerOff", "promoteDisks", "relocate", "cancelTask", "unregister", "destroy",
            "mountNfs", "unmount", "registerExtension", "updateExtension", "unregisterExtension",
            "createTask", "postEvent", "setAttribute", "removeAttribute", "defineAlarm", "removeAlarm",
            "running", "progress", "describe", "succeed", "fail", "cancelled");

    /// What is said of a task: the second time is as good as the first.
    private static final Set<String> TOLD = Set.of("progress", "describe");

    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final MemoryVCenter vcenter;
    private final AtomicInteger left;
    volatile String killedAt = "";

    KillingVCenter(MemoryVCenter vcenter, int call) {
        this.vcenter = vcenter;
        this.left = new AtomicInteger(call);
    }

    @Override
    public AboutInfo about() {
        return vcenter.about();
    }

    @Override
    public VCenter login(String userName, String password) {
        return counted(VCenter.class, vcenter.login(userName, password));
    }

    @Override
    public VCenter fromPluginSession(String token) {
        return counted(VCenter.class, vcenter.fromPluginSession(token));
    }

    private <T> T counted(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> call(target, method, arguments)));
    }

    private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        @Nullable
        Object answer;
        try {
            answer = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
        if (CHANGING.contains(method.getName()) && isNew(method.getName()) && left.decrementAndGet() == 0) {
            killedAt = method.getName();
            vcenter.away = true;
            throw new MemoryVCenter.Killed("after " + killedAt);
        }
        return answer instanceof ExtensionTask task ? counted(ExtensionTask.class, task) : answer;
    }

    private boolean isNew(String call) {
        return !TOLD.contains(call) || told.add(call);
    }

    @Override
    public void close() {
        vcenter.close();
    }
}
