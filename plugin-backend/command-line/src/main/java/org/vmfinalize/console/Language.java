package org.vmfinalize.console;

import groovy.lang.Closure;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vmfinalize.client.Api;

/// The words that a script begins with.
///
/// | word | is |
/// | --- | --- |
/// | `vms` | the VMs that run from backups, see [Vms] |
/// | `vm('web-01')` | one of them, see [Vm] |
/// | `backups` | what VMs can be run from, see [Backups] |
/// | `finalizations` | the jobs, see [Jobs] |
/// | `help` | what there is to say |
public final class Language {

    private Language() {}

    /// The words as variables of a Groovy binding.
    public static Map<String, Object> of(Api api) {
        var server = new Server(api);
        var vms = new Vms(server);
        var words = new LinkedHashMap<String, Object>();
        words.put("vms", vms);
        words.put("vm", new OneVm(vms));
        words.put("backups", new Backups(server));
        words.put("finalizations", new Jobs(server));
        words.put("help", new Help());
        return words;
    }

    /// What `vm('web-01')` calls: Groovy calls variables only if they are closures.
    static final class OneVm extends Closure<Vm> {

        private final transient Vms vms;

        OneVm(Vms vms) {
            super(vms);
            this.vms = vms;
        }

        /// Called by Groovy, by its name.
        @SuppressWarnings("unused")
        public Vm doCall(String name) {
            return vms.named(name);
        }
    }
}
