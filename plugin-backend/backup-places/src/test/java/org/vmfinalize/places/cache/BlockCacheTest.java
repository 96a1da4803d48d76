package org.vmfinalize.places.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.places.remote.Reader;
import org.vmfinalize.places.remote.RemoteFile;

class BlockCacheTest {

    private static final int BLOCK = BlockCache.BLOCK_BYTES;
    private static final long PLENTY = 1L << 30;

    @TempDir
    Path folder;

    private final byte[] content = new byte[10 * BLOCK + 1234];
    private final AtomicLong fetched = new AtomicLong();

    @BeforeEach
    void makeContent() {
        new Random(3).nextBytes(content);
    }

    private void fetch(ByteBuffer target, long position) {
        fetched.addAndGet(target.remaining());
        target.put(content, (int) position, target.remaining());
    }

    private Reader reader(BlockCache cache, String identity) {
        return cache.reader(new Named(identity, content.length), this::fetch);
    }

    private byte[] read(Reader reader, int position, int count) throws IOException {
        byte[] bytes = new byte[count];
        var target = ByteBuffer.wrap(bytes);
        reader.read(target, position);
        assertThat(target.hasRemaining()).isFalse();
        return bytes;
    }

    private void readsAll(BlockCache cache, String identity) throws IOException {
        assertThat(read(reader(cache, identity), 0, content.length)).isEqualTo(content);
    }

    @Test
    void aBlockCrossesTheLinkOnce() throws IOException {
        try (var cache = BlockCache.open(folder, PLENTY)) {
            var reader = reader(cache, "v1");
            for (int at = 0; at < content.length; at += 100_003) {
                int count = Math.min(100_003, content.length - at);
                assertThat(read(reader, at, count)).isEqualTo(Arrays.copyOfRange(content, at, at + count));
            }
            readsAll(cache, "v1");

            assertThat(fetched).hasValue(content.length);
        }
    }

    @Test
    void manyThatWantOneBlockFetchItOnce() throws Exception {
        var arrived = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var cache = BlockCache.open(folder, PLENTY)) {
            Reader link = (target, position) -> {
                arrived.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                fetch(target, position);
            };
            var reads = new ArrayList<FutureTask<byte[]>>();
            for (int i = 0; i < 8; i++) {
                var reader = cache.reader(new Named("v1", content.length), link);
                int position = i * 1000;
                var read = new FutureTask<>(() -> read(reader, position, 1000));
                reads.add(read);
                Thread.ofVirtual().start(read);
            }
            arrived.await();
            go.countDown();

            for (int i = 0; i < 8; i++) {
                assertThat(reads.get(i).get()).isEqualTo(Arrays.copyOfRange(content, i * 1000, i * 1000
                        + 1000));
            }
            assertThat(fetched).hasValue(BLOCK);
        }
    }

    @Test
    void survivesARestart() throws IOException {
        try (var cache = BlockCache.open(folder, PLENTY)) {
            readsAll(cache, "v1");
        }
        try (var cache = BlockCache.open(folder, PLENTY)) {
            readsAll(cache, "v1");
        }
        assertThat(fetched).hasValue(content.length);
    }

    @Test
    void anotherVersionFindsNothingOfIt() throws IOException {
        try (var cache = BlockCache.open(folder, PLENTY)) {
            readsAll(cache, "v1");
            readsAll(cache, "v2");
        }
        assertThat(fetched).hasValue(2L * content.length);
    }

    @Test
    void takesNoMoreOfTheDiskThanItMay() throws IOException {
        try (var cache = BlockCache.open(folder, 4L * BLOCK)) {
            readsAll(cache, "v1");
            readsAll(cache, "v1");

            assertThat(cache.held()).isEqualTo(4);
        }
        assertThat(Files.size(folder.resolve("blocks-1"))).isLessThanOrEqualTo(4L * BLOCK);
        try (var smaller = BlockCache.open(folder, 2L * BLOCK)) {
            assertThat(smaller.held()).isEqualTo(2);
            readsAll(smaller, "v1");
        }
        assertThat(Files.size(folder.resolve("blocks-1"))).isLessThanOrEqualTo(2L * BLOCK);
    }

    @Test
    void aBlockThatRottedIsFetchedAgain() throws IOException {
        try (var cache = BlockCache.open(folder, PLENTY)) {
            readsAll(cache, "v1");
            try (var blocks = new RandomAccessFile(folder.resolve("blocks-1").toFile(), "rw")) {
                blocks.seek(3L * BLOCK + 17);
                blocks.write(blocks.read() + 1);
            }
            readsAll(cache, "v1");
        }
        assertThat(fetched).hasValue(content.length + BLOCK);
    }

    @Test
    void whatACrashHasLeftIsNeverReadAsRight() throws IOException {
        try (var cache = BlockCache.open(folder, PLENTY)) {
            readsAll(cache, "v1");
        }
        byte[] index = Files.readAllBytes(folder.resolve("index-1"));
        byte[] blocks = Files.readAllBytes(folder.resolve("blocks-1"));
        var random = new Random(5);
        for (int i = 0; i < 40; i++) {
            byte[] torn = Arrays.copyOf(index, random.nextInt(index.length + 1));
            if (torn.length > 0) {
                torn[random.nextInt(torn.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(folder.resolve("index-1"), torn);
            Files.write(folder.resolve("blocks-1"), Arrays.copyOf(blocks, random.nextInt(blocks.length + 1)));
            try (var cache = BlockCache.open(folder, PLENTY)) {
                readsAll(cache, "v1");
            }
        }
    }

    @Test
    void aFailureIsThatOfItsReaderAndNotKept() throws IOException {
        try (var cache = BlockCache.open(folder, PLENTY)) {
            var failing = cache.reader(new Named("v1", content.length), (_, _) -> {
                throw new IOException("the link is down");
            });

            assertThatIOException().isThrownBy(() -> read(failing, 0, 10)).withMessage("the link is down");
            readsAll(cache, "v1");
        }
    }

    @Test
    void manyReadersOfManyFilesWithLittleRoomReadWhatIsThere() throws Exception {
        long seed = new Random().nextLong();
        try (var cache = BlockCache.open(folder, 5L * BLOCK)) {
            var readers = new ArrayList<FutureTask<Boolean>>();
            for (int i = 0; i < 6; i++) {
                var random = new Random(seed + i);
                var reader = new FutureTask<>(() -> readAtRandom(cache, random));
                readers.add(reader);
                Thread.ofPlatform().start(reader);
            }
            for (var reader : readers) {
                assertThat(reader.get()).as("seed %d", seed).isTrue();
            }
            assertThat(cache.held()).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void aSecondServerIsRefusedAndMayComeWhenTheFirstIsGone() throws IOException {
        try (var _ = BlockCache.open(folder, PLENTY)) {
            assertThatIOException().isThrownBy(() -> BlockCache.open(folder, PLENTY))
                    .withMessageContaining(folder.toString())
                    .withMessageContaining("vmfinalize.place-cache.directory");
        }
        try (var cache = BlockCache.open(folder, PLENTY)) {
            readsAll(cache, "v1");
        }
    }

    private boolean readAtRandom(BlockCache cache, Random random) throws IOException {
        for (int i = 0; i < 100; i++) {
            var reader = reader(cache, "v" + random.nextInt(2));
            int at = random.nextInt(content.length);
            int count = 1 + random.nextInt(Math.min(3 * BLOCK, content.length - at));
            if (!Arrays.equals(read(reader, at, count), Arrays.copyOfRange(content, at, at + count))) {
                return false;
            }
        }
        return true;
    }

    /// A file of which only name and size matter.
    private record Named(String identity, long size) implements RemoteFile {

        @Override
        public String location() {
            return "https://host/disk";
        }

        @Override
        public String path() {
            return "disk";
        }

        @Override
        public void read(ByteBuffer target, long position) {
            throw new AssertionError("the link is asked, not the file");
        }

        @Override
        public List<Extent> extentsAt(ByteRange range) {
            return List.of();
        }

        @Override
        public RemoteFile open(String path) {
            throw new AssertionError();
        }

        @Override
        public void hold(Backup.Holder holder) {}

        @Override
        public void release(String holderId) {}

        @Override
        public void close() {}
    }
}
