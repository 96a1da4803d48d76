package org.vmfinalize.nfs;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.disk.VolumeFile;

/// The file system of this machine, on which making data durable can be made to fail.
final class FailingVolume {

    private volatile boolean failing;

    void fail() {
        failing = true;
    }

    void mend() {
        failing = false;
    }

    Volume volume() {
        return wrapped(Volume.class, Volume.local());
    }

    private <T> T wrapped(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> {
                    if (failing && method.getName().equals("force")) {
                        throw new IOException("the device has failed");
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof VolumeFile file ? wrapped(VolumeFile.class, file) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
