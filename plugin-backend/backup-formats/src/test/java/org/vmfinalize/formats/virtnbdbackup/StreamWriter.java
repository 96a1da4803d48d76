package org.vmfinalize.formats.virtnbdbackup;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes streams as virtnbdbackup lays them out.
public final class StreamWriter {

    public static final int SIZE = 100_000;

    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    private final String checkpoint;
    private final String parent;
    private long dataSize;

    private StreamWriter(String checkpoint, String parent) {
        this.checkpoint = checkpoint;
        this.parent = parent;
    }

    /// A full stream of letters a, zeros, and letters b up to the end.
    public static StreamWriter full() {
        return new StreamWriter("virtnbdbackup.0", "").data(0, 10_000, 'a').zero(10_000, 60_000).data(70_000,
                30_000, 'b');
    }

    /// An incremental one, with letters of its own from 5000 to 5099 and from 50,000 to 50,999.
    static StreamWriter incremental(int number, char letter) {
        return new StreamWriter("virtnbdbackup." + number, "virtnbdbackup." + (number - 1))
                .data(5000, 100, letter)
                .data(50_000 + number * 100, 1000, letter);
    }

    static byte[] fullContent() {
        byte[] disk = new byte[SIZE];
        Arrays.fill(disk, 0, 10_000, (byte) 'a');
        Arrays.fill(disk, 70_000, SIZE, (byte) 'b');
        return disk;
    }

    static void apply(byte[] disk, int number, char letter) {
        Arrays.fill(disk, 5000, 5100, (byte) letter);
        Arrays.fill(disk, 50_000 + number * 100, 51_000 + number * 100, (byte) letter);
    }

    StreamWriter data(long start, int length, char letter) {
        frame("data", start, length);
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) letter);
        frames.writeBytes(bytes);
        text("\r\n");
        dataSize += length;
        return this;
    }

    StreamWriter zero(long start, long length) {
        frame("zero", start, length);
        return this;
    }

    void frame(String kind, long start, long length) {
        text("%s %016x %016x\r\n".formatted(kind, start, length));
    }

    private void text(String text) {
        frames.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    String meta() {
        return """
                {
                    "virtualSize": %d,
                    "dataSize": %d,
                    "date": "2026-11-25T03:00:00.123456",
                    "diskName": "vda",
                    "diskFormat": "qcow2",
                    "checkpointName": "%s",
                    "compressed": false,
                    "compressionMethod": "lz4",
                    "parentCheckpoint": %s,
                    "incremental": %b,
                    "streamVersion": 2
                }""".formatted(SIZE, dataSize, checkpoint, parent.isEmpty() ? "false" : '"' + parent + '"',
                !parent.isEmpty());
    }

    public byte[] end() {
        frame("stop", 0, 0);
        return with(meta());
    }

    byte[] with(String meta) {
        byte[] json = meta.getBytes(StandardCharsets.UTF_8);
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(
                "meta %016x %016x\r\n".formatted(0, json.length).getBytes(StandardCharsets.US_ASCII));
        stream.writeBytes(json);
        stream.writeBytes(new byte[]{'\r', '\n'});
        stream.writeBytes(frames.toByteArray());
        return stream.toByteArray();
    }
}
