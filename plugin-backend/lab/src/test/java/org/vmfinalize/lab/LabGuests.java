package org.vmfinalize.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// Guests that answer as soon as the VMs of one name are started, and until they are stopped.
final class LabGuests implements AutoCloseable {

    private final LabVSphere vsphere;
    private final String name;
    private final AnsweringGuest first;
    private final Map<String, AnsweringGuest> running = new ConcurrentHashMap<>();

    LabGuests(LabVSphere vsphere, String name) throws IOException {
        this.vsphere = vsphere;
        this.name = name;
        // Another service of this machine, whose port is known before a VM runs.
        this.first = AnsweringGuest.start(vsphere, "vm-0", name);
        vsphere.onPowerChange(this::changed);
    }

    /// Where one of them answers.
    int port() {
        return first.port();
    }

    private void changed(VirtualMachine vm) {
        if (!vm.name().equals(name)) {
            return;
        }
        try {
            if (vm.powerState() == PowerState.POWERED_ON) {
                running.put(vm.ref().value(),
                        AnsweringGuest.start(vsphere, vm.ref().value(), vm.name()));
            } else {
                var stopped = running.remove(vm.ref().value());
                if (stopped != null) {
                    stopped.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (var guest : running.values()) {
            guest.close();
        }
        first.close();
    }
}
