package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// A session: who it belongs to, and what dies with it. Guarded by the lock of the [World].
final class LabSession {

    private final String key = UUID.randomUUID().toString();
    private final String secret = UUID.randomUUID().toString().replace("-", "");
    private final LabUser user;
    private final Instant loginTime = Instant.now();
    private int lastId;

    final Map<Ref, View> views = new HashMap<>();
    final Map<Ref, Collector> collectors = new HashMap<>();

    /// The rest of long answers, by token.
    final Map<String, List<Data>> pages = new HashMap<>();

    LabSession(LabUser user) {
        this.user = user;
    }

    /// A view, and what it shows.
    @FunctionalInterface
    interface View {
        List<Ref> shown();
    }

    /// What a client has put into a list view; what is gone is not shown.
    record ListView(World world, Set<Ref> listed) implements View {

        @Override
        public List<Ref> shown() {
            return listed.stream().filter(ref -> world.find(ref).isPresent()).toList();
        }
    }

    LabUser user() {
        return user;
    }

    String key() {
        return key;
    }

    /// The cookie's value, whose double quotes belong to it.
    String cookie() {
        return "\"" + secret + "\"";
    }

    Ref newRef(String type) {
        return new Ref(type, "session[%s]%d".formatted(key, ++lastId));
    }

    Data info() {
        return Value.data("UserSession", "key", key, "userName", user.apiName(), "fullName", user.apiName(),
                "loginTime",
                loginTime, "lastActiveTime", Instant.now(), "locale", "en", "messageLocale", "en");
    }
}
