package org.vmfinalize.server.events;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// What has changed lately, for all who listen. The newest are kept for those who were away for a moment.
///
/// **Threads:** any number.
@Component
public class Events {

    private static final int MOST_EVENTS = 4096;
    private static final long MOST_CHARACTERS = 8 << 20;

    private final EventRing ring = new EventRing(MOST_EVENTS, MOST_CHARACTERS);
    private final AtomicInteger listeners = new AtomicInteger();
    private final JsonMapper json;
    /// Tells the events of this run of the server from those of others.
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    Events(JsonMapper json) {
        this.json = json;
    }

    /// Tells what has changed of a machine; only those hear it who may see the machine.
    ///
    /// @param type such as `finalization`
    /// @param vm its managed object id
    /// @param data what is made JSON of
    public void tellOf(String vm, String type, Object data) {
        ring.add(type, vm, json.writeValueAsString(data));
    }

    /// Tells everybody.
    public void tell(String type, Object data) {
        tellOf("", type, data);
    }

    /// How many hear them now.
    public int listeners() {
        return listeners.get();
    }

    void listens(boolean begins) {
        listeners.addAndGet(begins ? 1 : -1);
    }

    EventRing ring() {
        return ring;
    }

    String id(long number) {
        return run + "-" + number;
    }

    /// The number of an event by its id; negative if it is of another run of the server, or none at all.
    long number(String id) {
        var number = id.startsWith(run + "-") ? id.substring(run.length() + 1) : "";
        return number.matches("\\d{1,18}") ? Long.parseLong(number) : -1;
    }

    List<EventRing.Event> after(long number, Duration patience) throws InterruptedException {
        return ring.after(number, patience);
    }
}
