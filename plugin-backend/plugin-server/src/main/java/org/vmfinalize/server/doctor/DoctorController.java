package org.vmfinalize.server.doctor;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// What was left behind in vCenter. Seen, and taken away, as the caller with his rights there.
@RestController
@RequestMapping("/api/v1/doctor")
class DoctorController {

    /// What vSphere gives to those who look after vCenter itself. What is found names machines and hosts of everybody.
    static final String PRIVILEGE = "Global.Diagnostics";

    private final Doctor doctor;

    DoctorController(Doctor doctor) {
        this.doctor = doctor;
    }

    /// Looks, and changes nothing.
    @GetMapping
    @Refuses(ProblemType.FORBIDDEN)
    Report look(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.requireOnTop("doctor", PRIVILEGE);
        return new Report(caller.ask(doctor::look));
    }

    /// Takes away what is ours.
    @PostMapping("/repair")
    @Refuses(ProblemType.FORBIDDEN)
    Report repair(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.requireOnTop("doctor", PRIVILEGE);
        return new Report(caller.ask(doctor::repair));
    }

    record Report(List<Finding> items) {}
}
