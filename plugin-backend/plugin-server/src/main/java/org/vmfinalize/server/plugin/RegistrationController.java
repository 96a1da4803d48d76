package org.vmfinalize.server.plugin;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.VCenter;

/// The registration of the plugin with vCenter, seen and changed as the caller, with his rights there.
@RestController
@RequestMapping("/api/v1/registration")
class RegistrationController {

    private final Registration registration;
    private final InstantVms instantVms;

    RegistrationController(Registration registration, InstantVms instantVms) {
        this.registration = registration;
        this.instantVms = instantVms;
    }

    /// Whether we are registered, and what registering would change. Changes nothing.
    @GetMapping
    @Refuses({ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    View show(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        var wanted = registration.wanted();
        return caller.ask(session -> view(session, wanted));
    }

    /// Registers, or brings the registration up to date. Nothing happens if it is.
    @PutMapping
    @Refuses({ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    View register(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        var wanted = registration.wanted();
        return caller.ask(session -> {
            Registration.bringUpToDate(session, wanted);
            session.defineAlarm(VmFinalizeKeys.ALARM_BACKUP);
            return view(session, wanted);
        });
    }

    /// Takes the registration away, and the custom attribute that we defined. Nothing happens if there is none.
    ///
    /// A server whose setting `vmfinalize.register-extension` is true registers again at its next start.
    @DeleteMapping
    @Refuses({ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    View unregister(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        var machines = instantVms.all();
        if (!machines.isEmpty()) {
            throw new Problem(ProblemType.INVALID_STATE,
                    "registration: machines run from backups, whose tasks and icons would be lost: %s; finalize or discard them first"
                            .formatted(String.join(", ",
                                    machines.stream().map(InstantVm::name).limit(5).toList())));
        }
        var wanted = registration.wanted();
        return caller.ask(session -> {
            registration.remove(session);
            return view(session, wanted);
        });
    }

    private static View view(VCenter session, Extension wanted) {
        var registered = session.findExtension(VmFinalizeKeys.EXTENSION);
        var differences = registered.map(found -> Difference.between(found, wanted))
                .orElseGet(() -> List.of(new Difference("registration", "", wanted.version())));
        differences = Stream.concat(differences.stream(), Difference.ofAlarm(
                session.findAlarm(VmFinalizeKeys.ALARM_BACKUP.name()), VmFinalizeKeys.ALARM_BACKUP).stream())
                .toList();
        return new View(session.about().name(), registered.isPresent(), differences.isEmpty(),
                registered.map(Extension::version).orElse(null), wanted.version(),
                wanted.servers().getFirst().url(), wanted.servers().getFirst().thumbprint().orElse(""),
                differences);
    }

    /// @param version    what is registered; null if nothing is
    /// @param ownVersion what this server would register
    /// @param url        where vCenter reaches this server's manifest
    /// @param thumbprint SHA-256 of this server's certificate
    /// @param differences what registering would change
    record View(String vcenter, boolean registered, boolean upToDate, @Nullable String version,
            String ownVersion,
            String url, String thumbprint, List<Difference> differences) {}
}
