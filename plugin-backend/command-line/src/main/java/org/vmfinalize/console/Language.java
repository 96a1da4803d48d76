package org.vmfinalize.console;

import groovy.lang.Closure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vmfinalize.client.Api;

/// The words that a script begins with.
///
/// | word | is |
/// | --- | --- |
/// | `vms` | the VMs that run from backups, see [Vms] |
/// | `vm('web-01')` | one of them, see [Vm] |
/// | `backups` | what VMs can be run from, see [Backups] |
/// | `finalizations` | the jobs, see [Jobs] |
/// | `finalization('web-01')` | one of them, see [Job] |
/// | `discards` | what was thrown away, see [Discards] |
/// | `help` | what there is to say |
public final class Language {

    private static final Map<String, Class<?>> TYPES = Map.of("vms", Vms.class, "vm", Vm.class, "backups",
            Backups.class, "finalizations", Jobs.class, "finalization", Job.class, "discards", Discards.class,
            "help", Help.class);

    private Language() {}

    /// The words as variables of a Groovy binding.
    public static Map<String, Object> of(Api api) {
        var server = new Server(api);
        var vms = new Vms(server);
        var jobs = new Jobs(server);
        var words = new LinkedHashMap<String, Object>();
        words.put("vms", vms);
        words.put("vm", new OneVm(vms));
        words.put("backups", new Backups(server));
        words.put("finalizations", jobs);
        words.put("finalization", new OneJob(jobs));
        words.put("discards", new Discards(server));
        words.put("help", new Help());
        return words;
    }

    /// All words as they are typed: those that are called end with their bracket.
    public static List<String> words() {
        return List.of("backups", "discards", "finalization(", "finalizations", "help", "vm(", "vms");
    }

    /// What a word is, or what it answers when it is called; none for a word of others.
    public static Optional<Class<?>> typeOfWord(String word) {
        return Optional.ofNullable(TYPES.get(word));
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

    /// What `finalization('web-01')` calls.
    static final class OneJob extends Closure<Job> {

        private final transient Jobs jobs;

        OneJob(Jobs jobs) {
            super(jobs);
            this.jobs = jobs;
        }

        /// Called by Groovy, by its name.
        @SuppressWarnings("unused")
        public Job doCall(String vmOrId) {
            return jobs.of(vmOrId);
        }
    }
}
