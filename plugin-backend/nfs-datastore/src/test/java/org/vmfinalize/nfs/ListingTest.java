package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.nfs.Nfs3Results.Entry;

/// READDIR and READDIRPLUS: pages, cookies, and what an entry says.
class ListingTest {

    private static final int BAD_COOKIE = 10_003;
    private static final int TOOSMALL = 10_005;

    @TempDir
    private Path directory;
    private TestExport export;
    private Nfs3Client client;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        export = new TestExport(directory, TestExport.NO_BACKUPS);
        client = export.client();
        root = client.mount("/ds").handle();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        export.close();
    }

    @Test
    void directoriesAreListedPageByPageWithoutLossOrRepetition() throws IOException {
        List<String> expected = IntStream.range(0, 300).mapToObj("file-%03d"::formatted).toList();
        for (String name : expected) {
            Files.createFile(directory.resolve(name));
        }

        List<String> names = client.names(root, 2000);

        assertThat(names).contains(".", "..").containsAll(expected).doesNotHaveDuplicates()
                .doesNotContain(".vmfinalize").hasSize(302);
        assertThat(client.readdir(root, 0, 4000).entries()).isNotEmpty()
                .noneMatch(entry -> entry.name().equals(".vmfinalize"));
        assertThat(client.readdir(root, 0, 16).status()).isEqualTo(TOOSMALL);
    }

    @Test
    void aDirectoryThatChangesBetweenPagesKeepsItsOtherEntries() throws IOException {
        for (int i = 0; i < 100; i++) {
            Files.createFile(directory.resolve("stays-" + i));
            Files.createFile(directory.resolve("goes-" + i));
        }
        var seen = new HashSet<String>();
        long cookie = 0;
        boolean eof = false;
        for (int i = 0; !eof; i++) {
            var page = client.readdirplus(root, cookie, 1500);
            for (var entry : page.entries()) {
                assertThat(seen.add(entry.name())).as(entry.name()).isTrue();
                cookie = entry.cookie();
            }
            eof = page.eof();
            if (i < 100) {
                Files.deleteIfExists(directory.resolve("goes-" + i));
            }
        }

        assertThat(seen).containsAll(IntStream.range(0, 100).mapToObj(i -> "stays-" + i).toList());
    }

    @Test
    void aCookieIsGoodAfterARestart() throws IOException {
        for (int i = 0; i < 100; i++) {
            Files.createFile(directory.resolve("file-" + i));
        }
        List<String> all = client.names(root, 1500);
        var firstPage = client.readdirplus(root, 0, 1500);
        var names = new ArrayList<>(firstPage.entries().stream().map(Entry::name).toList());
        long cookie = firstPage.entries().getLast().cookie();

        client.close();
        export.restart();
        client = export.client();
        boolean eof = false;
        while (!eof) {
            var page = client.readdir(root, cookie, 1500);
            for (var entry : page.entries()) {
                names.add(entry.name());
                cookie = entry.cookie();
            }
            eof = page.eof();
        }

        assertThat(names).isEqualTo(all);
    }

    /// Whatever a client makes up as a cookie, it gets an end, entries that are there, or the protocol's error.
    @Test
    void cookiesThatNobodyGaveOutAreAnswered() throws IOException {
        client.create(root, "a");
        for (long cookie : new long[]{-1, Long.MIN_VALUE, Long.MAX_VALUE, 1, 12_345, 1L << 62}) {
            var page = client.readdirplus(root, cookie, 4096);

            assertThat(page.status()).as("cookie %d", cookie).isIn(0, BAD_COOKIE);
            assertThat(page.entries()).extracting(Entry::name).isSubsetOf(".", "..", "a");
        }
        assertThat(client.names(root, 4096)).contains("a");
    }

    @Test
    void readdirplusGivesTheSameAttributesAndHandlesAsLookup() throws IOException {
        client.create(root, "a");
        client.mkdir(root, "b");

        for (var entry : client.readdirplus(root, 0, 8192).entries()) {
            var found = client.lookup(root, entry.name());
            assertThat(entry.handle()).isEqualTo(found.handle());
            assertThat(entry.attributes()).isEqualTo(found.attributes());
            assertThat(entry.fileid()).isEqualTo(found.attributes().orElseThrow().fileid());
        }
    }
}
