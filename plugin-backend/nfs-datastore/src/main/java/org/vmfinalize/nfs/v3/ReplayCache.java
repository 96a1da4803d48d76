package org.vmfinalize.nfs.v3;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.rpc.Call;

/// Remembers the answers to calls that must not be done twice (a duplicate request cache, RFC 1813 section 4.5).
///
/// A client sends a call again after it has reconnected, from another port but with the same transaction number. While
/// the first one is under way the second waits for its answer; afterwards it gets the same answer.
///
/// **Bounds:** 256 answers of each client, for up to 256 clients; the oldest go first. Calls under way are bounded by
/// the connections' own limits.
///
/// **Threads:** any number.
final class ReplayCache {

    /// What [#enter] returns for a call that has to be done, and that was detached for it.
    static final byte[] NEW = {};
    /// What [#enter] returns for a call that will be answered together with its twin.
    static final byte[] IN_PROGRESS = {};

    private static final int ANSWERS_PER_CLIENT = 256;
    private static final int CLIENTS = 256;

    /// What tells calls apart.
    ///
    /// @param checksum of the arguments: transaction numbers may begin anew when a client is restarted
    record Key(InetAddress client, int xid, int program, int procedure, int length, int checksum) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    @GuardedBy("lock")
    private final Map<Key, List<Call>> underWay = new java.util.HashMap<>();
    @GuardedBy("lock")
    private final Map<InetAddress, Map<Key, byte[]>> answered = boundedMap(CLIENTS);
    /// Lets calls that are quick ask whether they could be anyone's twin without taking the lock.
    private volatile int underWayCount;

    /// The key of a call whose arguments have been decoded: the header of the same buffer is not part of it.
    ///
    /// @param argumentBytes all bytes of the arguments
    static Key keyOf(Call call, int program, ByteBuffer argumentBytes) {
        CRC32C crc = new CRC32C();
        int length = argumentBytes.remaining();
        crc.update(argumentBytes.duplicate());
        return new Key(call.client(), call.xid(), program, call.procedure(), length, (int) crc.getValue());
    }

    static Key keyOf(Call call, int program) {
        return keyOf(call, program, call.allArguments());
    }

    /// Enters a call.
    ///
    /// @return [#NEW], [#IN_PROGRESS], or the answer that its twin got
    byte[] enter(Key key, Call call) {
        lock.lock();
        try {
            byte[] answer = knownAnswer(key);
            if (answer != null) {
                return answer;
            }
            List<Call> twins = underWay.get(key);
            call.detach(0);
            if (twins != null) {
                twins.add(call);
                return IN_PROGRESS;
            }
            underWay.put(key, new ArrayList<>(List.of(call)));
            underWayCount = underWay.size();
            return NEW;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private byte @Nullable [] knownAnswer(Key key) {
        Map<Key, byte[]> mine = answered.get(key.client());
        return mine == null ? null : mine.get(key);
    }

    /// Answers a call and its twins, and remembers the answer.
    void answer(Key key, byte[] result) {
        List<Call> calls;
        lock.lock();
        try {
            answered.computeIfAbsent(key.client(), _ -> boundedMap(ANSWERS_PER_CLIENT)).put(key, result);
            calls = leave(key);
        } finally {
            lock.unlock();
        }
        calls.forEach(call -> call.send(result));
    }

    /// Whether any call is under way.
    boolean isBusy() {
        return underWayCount > 0;
    }

    /// Adds a call to its twin that is under way, if there is one; it is detached then.
    boolean join(Key key, Call call, int heldBytes) {
        lock.lock();
        try {
            List<Call> twins = underWay.get(key);
            if (twins == null) {
                return false;
            }
            call.detach(heldBytes);
            twins.add(call);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Enters a detached call whose answer need not be remembered once it has been given.
    void begin(Key key, Call call) {
        lock.lock();
        try {
            underWay.computeIfAbsent(key, _ -> new ArrayList<>()).add(call);
            underWayCount = underWay.size();
        } finally {
            lock.unlock();
        }
    }

    /// Ends what [#begin] has begun.
    ///
    /// @return all calls that have to be answered
    List<Call> end(Key key) {
        lock.lock();
        try {
            return leave(key);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private List<Call> leave(Key key) {
        List<Call> calls = underWay.remove(key);
        underWayCount = underWay.size();
        return calls == null ? List.of() : calls;
    }

    private static <K, V> Map<K, V> boundedMap(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
