package org.vmfinalize.places.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.places.nbd.ScriptedServer.Asked;
import org.vmfinalize.trust.ServerTrust;

/// Servers that do not keep to the protocol, or take liberties within it.
class HostileNbdServerTest {

    private static final int SAMPLES = 3;
    private static final int NO_FLAGS = 1;

    private static BackupFile open(ScriptedServer server) throws IOException {
        var trust = new ServerTrust(Optional.empty(), Optional.empty());
        return NbdServer.place(server.uri(), trust, Duration.ofSeconds(5), Duration.ZERO)
                .open(server.uri().toString());
    }

    static Stream<Arguments> greetings() {
        return Stream.of(
                Arguments.of("speaks the newstyle", (ScriptedServer.Script) (_, out) -> {
                    out.writeLong(0x4e42_444d_4147_4943L);
                    out.writeLong(0x0000_4202_8186_1253L);
                }),
                Arguments.of("speaks the fixed newstyle", (ScriptedServer.Script) (_, out) -> {
                    out.writeLong(0x4e42_444d_4147_4943L);
                    out.writeLong(0x4948_4156_454f_5054L);
                    out.writeShort(0);
                }),
                Arguments.of("must be at most 65536 bytes but is 4294967295",
                        (ScriptedServer.Script) (_, out) -> {
                            ScriptedServer.hello(out);
                            ScriptedServer.head(out, 8, 1, -1);
                        }),
                Arguments.of("must be to option 8 but was to 99", (ScriptedServer.Script) (_, out) -> {
                    ScriptedServer.hello(out);
                    ScriptedServer.reply(out, 99, 1);
                }),
                Arguments.of("must begin with 3e889045565a9", (ScriptedServer.Script) (_, out) -> {
                    ScriptedServer.hello(out);
                    out.writeLong(1);
                    out.writeLong(1);
                    out.writeInt(1);
                }),
                Arguments.of("its size is 18446744073709551615", (ScriptedServer.Script) (_, out) -> {
                    hug(out, -1, 512, 1 << 20);
                }),
                Arguments.of("but were 3 and 1048576", (ScriptedServer.Script) (_, out) -> {
                    hug(out, ScriptedServer.SIZE, 3, 1 << 20);
                }),
                Arguments.of("but were 512 and 0", (ScriptedServer.Script) (_, out) -> {
                    hug(out, ScriptedServer.SIZE, 512, 0);
                }),
                Arguments.of("size was not told", (ScriptedServer.Script) (_, out) -> {
                    ScriptedServer.hello(out);
                    ScriptedServer.reply(out, 8, 0x8000_0001);
                    ScriptedServer.reply(out, 7, 1);
                }));
    }

    private static void hug(DataOutputStream out, long size, int least, int most) throws IOException {
        ScriptedServer.hello(out);
        ScriptedServer.reply(out, 8, 0x8000_0001);
        ScriptedServer.head(out, 7, 3, 12);
        out.writeShort(0);
        out.writeLong(size);
        out.writeShort(1);
        ScriptedServer.head(out, 7, 3, 14);
        out.writeShort(3);
        out.writeInt(least);
        out.writeInt(4096);
        out.writeInt(most);
        ScriptedServer.reply(out, 7, 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("greetings")
    void refusesAServerThatDoesNotGreetAsItMust(String message, ScriptedServer.Script script)
            throws IOException {
        try (var server = new ScriptedServer(script)) {
            assertThatIOException().isThrownBy(() -> open(server)).withMessageContaining(message)
                    .withMessageStartingWith("place vault: nbd://127.0.0.1:");
        }
    }

    /// What a server answers to a read once the file is open.
    interface Answer {
        void to(Asked asked, DataOutputStream out) throws IOException;
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                answer("must begin with its magic number", (_, out) -> out.writeInt(1)),
                answer("is to 4711", (asked, out) -> new Asked(0, 4711, 0, asked.length()).answer(out)),
                answer("must be structured, as was agreed", (asked, out) -> {
                    out.writeInt(0x6744_6698);
                    out.writeInt(0);
                    out.writeLong(asked.cookie());
                    out.write(new byte[asked.length()]);
                }),
                answer("must lie in the", (asked, out) -> new Asked(0, asked.cookie(), asked.offset() + 512,
                        asked.length()).answer(out)),
                answer("data must have the length", (asked, out) -> asked.chunk(out, 1, 1, -1)),
                answer("data must have the length", (asked, out) -> asked.chunk(out, 1, 1, asked.length()
                        + 9)),
                answer("was sent twice", (asked, out) -> {
                    asked.chunk(out, 0, 2, 12);
                    out.writeLong(asked.offset());
                    out.writeInt(asked.length());
                    asked.answer(out);
                }),
                answer("must have the 4096 bytes that were asked for but had 512", (asked, out) -> {
                    asked.chunk(out, 1, 2, 12);
                    out.writeLong(asked.offset());
                    out.writeInt(512);
                }),
                answer("type must be known but is 99", (asked, out) -> asked.chunk(out, 1, 99, 0)),
                answer("a block status came", (asked, out) -> {
                    asked.chunk(out, 1, 5, 12);
                    out.writeInt(7);
                    out.writeInt(512);
                    out.writeInt(2);
                }),
                answer("an error must have the length", (asked, out) -> asked.chunk(out, 1, 0x8001, 60_000)),
                answer("an error's message must have the length", (asked, out) -> {
                    asked.chunk(out, 1, 0x8001, 6);
                    out.writeInt(5);
                    out.writeShort(4096);
                }),
                answer("invalid argument (no such thing)", (asked, out) -> {
                    asked.chunk(out, 1, 0x8001, 6 + 13);
                    out.writeInt(22);
                    out.writeShort(13);
                    out.writeBytes("no such\nthing");
                }));
    }

    private static Arguments answer(String message, Answer answer) {
        return Arguments.of(message, answer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void refusesAnAnswerThatIsNotTheOneThatWasAskedFor(String message, Answer answer) throws IOException {
        ScriptedServer.Script script = (in, out) -> {
            ScriptedServer.greet(in, out, NO_FLAGS);
            for (int i = 0; i < SAMPLES; i++) {
                Asked.read(in).answer(out);
            }
            answer.to(Asked.read(in), out);
        };
        try (var server = new ScriptedServer(script); var file = open(server)) {
            assertThatIOException().isThrownBy(() -> file.read(ByteBuffer.allocate(4096), 8192))
                    .withMessageContaining(message);
        }
    }

    @Test
    void refusesAnExtentOfNoLength() throws IOException {
        ScriptedServer.Script script = (in, out) -> {
            ScriptedServer.greet(in, out, NO_FLAGS);
            for (int i = 0; i < SAMPLES; i++) {
                Asked.read(in).answer(out);
            }
            Asked.read(in).chunk(out, 1, 5, 12);
            out.writeInt(7);
            out.writeInt(0);
            out.writeInt(0);
        };
        try (var server = new ScriptedServer(script); var file = open(server)) {
            assertThatIOException().isThrownBy(() -> {
                try {
                    file.extents(new ByteRange(0, 4096)).next();
                } catch (java.io.UncheckedIOException e) {
                    throw e.getCause();
                }
            }).withMessageContaining("an extent must be 1 byte or more");
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws IOException {
        var trust = new ServerTrust(Optional.empty(), Optional.empty());
        try (var server = new ScriptedServer((_, _) -> {
        })) {
            assertThatIOException().isThrownBy(() -> NbdServer.place(server.uri(), trust, Duration.ofMillis(
                    200), Duration.ZERO).open(server.uri().toString())).withMessageContaining(
                            "broke off the greeting");
        }
    }

    @Test
    void sixteenReadsAreUnderWayAtOnceAndTheirAnswersMayComeInAnyOrder() throws Exception {
        int readers = 16;
        ScriptedServer.Script script = (in, out) -> {
            ScriptedServer.greet(in, out, NO_FLAGS);
            for (int i = 0; i < SAMPLES; i++) {
                Asked.read(in).answer(out);
            }
            // None is answered before all have come.
            var asked = new ArrayList<Asked>();
            for (int i = 0; i < readers; i++) {
                asked.add(Asked.read(in));
            }
            for (var one : asked.reversed()) {
                one.answer(out);
            }
        };
        try (var server = new ScriptedServer(script); var file = open(server)) {
            var reads = new ArrayList<FutureTask<byte[]>>();
            for (int i = 0; i < readers; i++) {
                int position = i * 1000 + 7;
                var read = new FutureTask<>(() -> bytes(file, position, 300));
                reads.add(read);
                Thread.ofVirtual().start(read);
            }
            for (int i = 0; i < readers; i++) {
                byte[] got = reads.get(i).get();
                for (int j = 0; j < got.length; j++) {
                    assertThat(got[j]).isEqualTo((byte) (i * 1000 + 7 + j));
                }
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aServerWhoseConnectionsSeeTheSameBytesIsReadOverSeveral() throws Exception {
        int canMultiConn = 1 | 1 << 8;
        ScriptedServer.Script script = (in, out) -> {
            ScriptedServer.greet(in, out, canMultiConn);
            while (true) {
                Asked.read(in).answer(out);
            }
        };
        try (var server = new ScriptedServer(script); var file = open(server)) {
            for (int i = 0; i < 8; i++) {
                assertThat(bytes(file, i * 512, 512)[1]).isEqualTo((byte) 1);
            }
            assertThat(server.connections()).isEqualTo(4);
        }
    }

    private static byte[] bytes(BackupFile file, int position, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.read(ByteBuffer.wrap(bytes), position);
        return bytes;
    }

    @Test
    void anAddressIsTakenOnlyAsItIsWritten() {
        for (var text : List.of("nbd://user:secret@host/x", "nbd://host/x?tls=no", "nbd:///x",
                "http://host/x",
                "nbd+unix:///x", "nbd+unix:///x?socket=relative", "nbd+unix://host/x?socket=/s",
                "nbd://host/a%00b", "no address")) {
            assertThat(NbdAddress.parse(text)).as(text).isEmpty();
        }
        assertThat(NbdAddress.parse("nbd://HOST/x%20y").orElseThrow()).hasToString("nbd://HOST/x%20y");
        assertThat(NbdAddress.parse("nbds://[::1]:10810/").orElseThrow()).hasToString("nbds://[::1]:10810/");
    }

    @Test
    void aPlaceCoversItsExportsAndNoOthers() {
        var trust = new ServerTrust(Optional.empty(), Optional.empty());
        var folder = NbdServer.place(java.net.URI.create("nbd://host/vms/"), trust, Duration.ofSeconds(1),
                Duration.ZERO);
        var one = NbdServer.place(java.net.URI.create("nbd://host/vms"), trust, Duration.ofSeconds(1),
                Duration.ZERO);

        assertThat(folder.covers("nbd://host:10809/vms/a")).isTrue();
        assertThat(one.covers("nbd://host/vms")).isTrue();
        for (var outside : List.of("nbd://host/vmsx", "nbd://host/other", "nbds://host/vms/a",
                "nbd://host:1/vms/a",
                "nbd://other/vms/a", "/vms/a")) {
            assertThat(folder.covers(outside)).as(outside).isFalse();
            assertThat(one.covers(outside)).as(outside).isFalse();
        }
    }
}
