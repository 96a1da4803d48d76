package org.vmfinalize.formats.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;

/// Differencing disks read as libvhdi reads them, which is nobody's of ours; QEMU does not read them.
class DifferencingTest {

    private static final long SEED = 20261127;
    private static final String PYTHON = "/usr/bin/python3";

    /// Arguments: where to write the disk's bytes, and the chain, the base first. The list keeps the parents alive.
    private static final String READ = """
            import sys, pyvhdi
            chain = []
            for name in sys.argv[2:]:
                image = pyvhdi.file()
                image.open(name)
                if chain:
                    image.set_parent(chain[-1])
                chain.append(image)
            with open(sys.argv[1], 'wb') as out:
                out.write(chain[-1].read_buffer_at_offset(chain[-1].get_media_size(), 0))
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void needsLibvhdi() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PYTHON))
                && new ProcessBuilder(PYTHON, "-c", "import pyvhdi").start().waitFor() == 0,
                "install Debian package python3-libvhdi");
    }

    private byte[] byLibvhdi(String... chain) throws Exception {
        var command = new ArrayList<>(List.of(PYTHON, "-c", READ, "seen.raw"));
        command.addAll(List.of(chain));
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Files.readAllBytes(folder.resolve("seen.raw"));
    }

    @Test
    void aDifferencingVhdxReadsAsLibvhdiReadsIt() throws Exception {
        SmallVhdx.dynamic().write(folder.resolve("base.vhdx"));
        SmallVhdx.differencing(".\\base.vhdx").write(folder.resolve("top.avhdx"));

        byte[] expected = byLibvhdi("base.vhdx", "top.avhdx");

        assertThat(expected).contains('b', 'c', 'd');
        try (var backup = new VhdxFormat().open(new FolderFile(folder.resolve("top.avhdx")))) {
            Disks.assertReads(backup.disks().getFirst(), expected, SEED);
            Disks.assertExtentsAreTrue(backup.disks().getFirst(), expected);
        }
    }

    /// The first two blocks, of the second of which eight sectors are stored: where a block's bitmap is finer or all ones,
    /// libvhdi 20210425 does not do as the specification says.
    @Test
    void aDifferencingVhdReadsAsLibvhdiReadsIt() throws Exception {
        SmallVhd.dynamic().write(folder.resolve("base.vhd"));
        var top = SmallVhd.differencing("C:\\disks\\base.vhd");
        top.bytes().putShort(SmallVhd.BLOCK_1, (short) 0xff00);
        top.write(folder.resolve("top.avhd"));

        byte[] expected = Arrays.copyOf(byLibvhdi("base.vhd", "top.avhd"), 2 * SmallVhd.BLOCK);

        assertThat(expected).contains('a', 'c');
        try (var backup = new VhdFormat().open(new FolderFile(folder.resolve("top.avhd")))) {
            var judged = new ByteRange(0, expected.length);
            assertThat(Disks.bytes(backup.disks().getFirst(), judged)).isEqualTo(expected);
        }
    }
}
