package org.vmfinalize.nfs.rpc;

import java.time.Duration;

/// What clients may make a server keep.
///
/// @param recordBytes largest call, in bytes, its fragments added up; a connection that announces more is closed
/// @param fragmentsPerRecord most fragments of one call
/// @param connections most TCP connections at a time; further ones are closed at once. Of these, clients that may use nothing
///        get [#STRANGERS]
/// @param connectionsPerClient most TCP connections of one address
/// @param callsInFlight most calls of one connection that wait for their answer; at this number the connection is
///        not read any further until one has been answered
/// @param bytesInFlight most bytes of arguments that the waiting calls of one connection hold; acts as `callsInFlight`
/// @param unsentBytes most bytes of replies that wait for a client to read them; acts as `callsInFlight`
/// @param clientBytes most bytes that all connections together make the server hold; acts as `callsInFlight`, on the clients
///        that hold more than an equal part
/// @param stall how long a client may leave a call half sent, or a full send buffer unread, until it is cut off
public record RpcLimits(
        int recordBytes,
        int fragmentsPerRecord,
        int connections,
        int connectionsPerClient,
        int callsInFlight,
        long bytesInFlight,
        long unsentBytes,
        long clientBytes,
        Duration stall) {

    /// The room that call header, credentials and the arguments of a WRITE take beside the data.
    public static final int HEADER_ROOM = 4096;

    /// Most TCP connections of clients that are on no list. They are told so by the protocol, but must not take the room of
    /// those who are.
    public static final int STRANGERS = 16;

    public RpcLimits {
        requirePositive("recordBytes", recordBytes);
        requirePositive("fragmentsPerRecord", fragmentsPerRecord);
        requirePositive("connections", connections);
        requirePositive("connectionsPerClient", connectionsPerClient);
        requirePositive("callsInFlight", callsInFlight);
        requirePositive("bytesInFlight", bytesInFlight);
        requirePositive("unsentBytes", unsentBytes);
        requirePositive("clientBytes", clientBytes);
        requirePositive("stall", stall.toMillis());
    }

    /// Limits for calls and replies that carry up to `payloadBytes` of data.
    public static RpcLimits forPayload(int payloadBytes) {
        return new RpcLimits(payloadBytes + HEADER_ROOM, 64, 512, 128, 16_384, 32L << 20, 2L << 20,
                256L << 20, Duration.ofMinutes(2));
    }

    /// These limits with another [#stall()].
    public RpcLimits withStall(Duration other) {
        return new RpcLimits(recordBytes, fragmentsPerRecord, connections, connectionsPerClient,
                callsInFlight,
                bytesInFlight, unsentBytes, clientBytes, other);
    }

    /// These limits with another number of connections, in all and per client.
    public RpcLimits withConnections(int all, int perClient) {
        return new RpcLimits(recordBytes, fragmentsPerRecord, all, perClient, callsInFlight, bytesInFlight,
                unsentBytes, clientBytes, stall);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "RPC limits: %s must be positive but was %d".formatted(name, value));
        }
    }
}
