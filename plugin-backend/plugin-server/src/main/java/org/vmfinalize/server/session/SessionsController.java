package org.vmfinalize.server.session;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.validation.annotation.Validated;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;

/// Logs programs in and out.
@RestController
@RequestMapping("/api/v1/sessions")
class SessionsController {

    private final Sessions sessions;

    SessionsController(Sessions sessions) {
        this.sessions = sessions;
    }

    @PostMapping
    @WithoutSession
    @ResponseStatus(HttpStatus.CREATED)
    @Refuses({ProblemType.UNAUTHORIZED, ProblemType.TOO_MANY_REQUESTS, ProblemType.VCENTER_REFUSED,
            ProblemType.VCENTER_UNAVAILABLE})
    Sessions.LogIn logIn(@RequestBody @Validated Credentials credentials) {
        return sessions.logIn(credentials.userName, credentials.password);
    }

    /// Ends the session that the request itself belongs to. The vSphere Client's sessions end with the vSphere Client.
    @DeleteMapping("/current")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logOut(
            @RequestHeader(value = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization) {
        BearerToken.of(authorization).ifPresent(sessions::logOut);
    }

    record Credentials(@NotBlank @Size(max = 256) String userName,
            @NotNull @Size(max = 1024) String password) {

        @Override
        public String toString() {
            return userName;
        }
    }
}
