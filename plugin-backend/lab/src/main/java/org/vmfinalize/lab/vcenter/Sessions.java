package org.vmfinalize.lab.vcenter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// The sessions that are open, and the tickets and tokens that open more. Guarded by the lock of the [World].
final class Sessions {

    private final List<LabUser> users;
    private final Map<String, LabSession> byCookie = new HashMap<>();
    private final Map<String, LabUser> tickets = new HashMap<>();
    private final Map<String, LabUser> pluginTokens = new HashMap<>();

    Sessions(List<LabUser> users) {
        this.users = List.copyOf(users);
    }

    /// @param cookie with or without its quotes, as vCenter takes it
    Optional<LabSession> find(@Nullable String cookie) {
        return Optional.ofNullable(cookie).map(text -> "\"" + text.replace("\"", "") + "\"")
                .map(byCookie::get);
    }

    Optional<LabSession> withKey(String key) {
        return byCookie.values().stream().filter(session -> session.key().equals(key)).findFirst();
    }

    LabSession login(String userName, String password) {
        return open(users.stream()
                .filter(user -> user.is(userName) && user.hasPassword(password))
                .findFirst()
                .orElseThrow(Sessions::invalidLogin));
    }

    String cloneTicket(LabUser user) {
        return keep(tickets, "cst-VCT-", user);
    }

    /// A ticket works once.
    LabSession cloneSession(String ticket) {
        return open(Optional.ofNullable(tickets.remove(ticket)).orElseThrow(Sessions::invalidLogin));
    }

    /// The token that the vSphere Client gives to a plugin's user interface.
    String pluginToken(String userName) {
        return keep(pluginTokens, "plugin-", user(userName).orElseThrow(() -> new IllegalArgumentException(
                "no user '%s' in the lab's vCenter".formatted(userName))));
    }

    Optional<LabUser> user(String userName) {
        return users.stream().filter(candidate -> candidate.is(userName)).findFirst();
    }

    Optional<LabUser> withPluginToken(String token) {
        return Optional.ofNullable(pluginTokens.get(token));
    }

    void close(LabSession session) {
        byCookie.remove(session.cookie());
    }

    /// Forgets all sessions, as a restart does.
    void closeAll() {
        byCookie.clear();
        tickets.clear();
    }

    static LabFault invalidLogin() {
        return new LabFault("InvalidLogin",
                "Cannot complete login due to an incorrect user name or password.");
    }

    static LabSession required(@Nullable LabSession session, Ref object) {
        if (session == null) {
            throw LabFault.notAuthenticated(object);
        }
        return session;
    }

    private LabSession open(LabUser user) {
        var session = new LabSession(user);
        byCookie.put(session.cookie(), session);
        return session;
    }

    private static String keep(Map<String, LabUser> map, String prefix, LabUser user) {
        String secret = prefix + UUID.randomUUID();
        map.put(secret, user);
        return secret;
    }
}
