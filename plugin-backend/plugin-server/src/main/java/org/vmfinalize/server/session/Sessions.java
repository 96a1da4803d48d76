package org.vmfinalize.server.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.vcenter.VCenterGate;
import org.vmfinalize.vcenter.VCenterFault;

/// The sessions of all callers, of both kinds: the vSphere Client's users come with its token, programs with one of ours.
///
/// **Threads:** any number.
@Component
public class Sessions implements DisposableBean {

    private static final int MAX_TOKEN_LENGTH = 4096;

    private final VCenterGate vcenter;
    private final Clock clock;
    private final SessionCache byPluginToken;
    private final SessionCache byBearerToken;
    private final SecureRandom random = new SecureRandom();

    Sessions(VCenterGate vcenter, SessionSettings settings, Clock clock) {
        this.vcenter = vcenter;
        this.clock = clock;
        this.byPluginToken = new SessionCache(settings);
        this.byBearerToken = new SessionCache(settings);
    }

    /// Logs in with a password and hands out a new token.
    LogIn logIn(String userName, String password) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        try {
            var caller = byBearerToken.findOrOpen(token,
                    () -> new Caller(vcenter.open(userName, password), clock));
            return new LogIn(token, caller.userName());
        } catch (VCenterFault fault) {
            throw refused(fault, "session: vCenter does not take this user name and password; check both");
        }
    }

    /// Who comes with a token of ours.
    ///
    /// @throws Problem UNAUTHORIZED if it is not one, or not any more
    public Caller byBearerToken(String token) {
        return byBearerToken.find(bounded(token))
                .orElseThrow(() -> new Problem(ProblemType.UNAUTHORIZED,
                        "session: the token is not known or its session is over; log in again"));
    }

    /// Who comes with the vSphere Client's token; exchanges it for a session when it is new.
    ///
    /// @throws Problem UNAUTHORIZED if vCenter does not take it
    public Caller byPluginToken(String token) {
        try {
            return byPluginToken.findOrOpen(bounded(token),
                    () -> new Caller(vcenter.openByPluginToken(token), clock));
        } catch (VCenterFault fault) {
            throw refused(fault,
                    "session: vCenter does not take the vSphere Client's token; reload the page or log in again");
        }
    }

    void logOut(String bearerToken) {
        byBearerToken.end(bearerToken);
    }

    @Scheduled(fixedDelayString = "PT15S", initialDelayString = "PT15S")
    void endOverdue() {
        byPluginToken.endOverdue();
        byBearerToken.endOverdue();
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    void keepAlive() {
        byPluginToken.keepAlive();
        byBearerToken.keepAlive();
    }

    @Override
    public void destroy() {
        byPluginToken.endAll();
        byBearerToken.endAll();
    }

    private static String bounded(String token) {
        if (token.isBlank() || token.length() > MAX_TOKEN_LENGTH) {
            throw new Problem(ProblemType.UNAUTHORIZED,
                    "session: the token must have 1 to %d characters but had %d"
                            .formatted(MAX_TOKEN_LENGTH, token.length()));
        }
        return token;
    }

    private static RuntimeException refused(VCenterFault fault, String detail) {
        boolean notKnown = fault.is(VCenterFault.INVALID_LOGIN) || fault.is(VCenterFault.NOT_AUTHENTICATED)
                || fault.is(VCenterFault.NO_PERMISSION);
        return notKnown ? new Problem(ProblemType.UNAUTHORIZED, detail, fault) : fault;
    }

    /// @param token 256 random bits; whoever has it is the user
    record LogIn(String token, String userName) {}
}
