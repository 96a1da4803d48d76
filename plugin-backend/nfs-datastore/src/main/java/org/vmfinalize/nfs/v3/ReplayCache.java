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

    private static final int ANSWERS_PER_CLIENT = 256;
    private static final int CLIENTS = 256;

    /// What tells calls apart.
    ///
    /// @param checksum of the arguments: transaction numbers may begin anew when a client is restarted
    record Key(InetAddress client, int xid, int program, int procedure, int length, int checksum) {}

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

    /// Whether a call has to be done, for which it is detached. If not it gets the answer of its twin: at once, or
    /// together with it.
    boolean isNew(Key key, Call call) {
        byte[] known;
        lock.lock();
        try {
            known = knownAnswer(key);
            if (known == null) {
                call.detach(0);
                return addUnderWay(key, call);
            }
        } finally {
            lock.unlock();
        }
        call.send(known);
        return false;
    }

    @GuardedBy("lock")
    private boolean addUnderWay(Key key, Call call) {
        List<Call> calls = underWay.computeIfAbsent(key, _ -> new ArrayList<>());
        calls.add(call);
        underWayCount = underWay.size();
        return calls.size() == 1;
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

    /// Detaches a call whose answer need not be remembered once it has been given.
    ///
    /// @return whether it has to be done; if not it is answered together with its twin
    boolean begin(Key key, Call call, int heldBytes) {
        lock.lock();
        try {
            call.detach(heldBytes);
            return addUnderWay(key, call);
        } finally {
            lock.unlock();
        }
    }

    /// Ends what [#begin(Key, Call, int)] has begun.
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
