package org.vmfinalize.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogTest {

    private static final String USUAL = """
            [    2.159047] Write protecting the kernel read-only data: 26624k
            [    3.101000] virtio_blk virtio0: [vda] 98304 512-byte logical blocks (50.3 MB/48.0 MiB)
            [    3.202000] EXT4-fs (vda): mounted filesystem with ordered data mode. Quota mode: none.
            [   40.303000] EXT4-fs (vda): unmounting filesystem.
            [   41.000000] reboot: Power down
            """;

    @TempDir
    Path folder;

    @Test
    void aGuestThatMetNothingHasNoComplaints() throws Exception {
        assertThat(log(USUAL).complaints()).isEmpty();
        assertThat(log(USUAL).lastLine()).endsWith("reboot: Power down");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "[ 9.1] I/O error, dev vda, sector 2048 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2",
            "[ 9.2] Buffer I/O error on dev vda, logical block 99, lost async page write",
            "[ 9.3] EXT4-fs error (device vda): ext4_lookup:1855: inode #2: comm sh: iget: checksum invalid",
            "[ 9.4] EXT4-fs (vda): Delayed block allocation failed for inode 12 at logical offset 0 with error 5",
            "[ 9.5] Aborting journal on device vda-8.",
            "[ 9.6] EXT4-fs (vda): Remounting filesystem read-only",
            "[ 9.7] INFO: task dd:77 blocked for more than 120 seconds.",
            "[ 9.8] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100"})
    void anErrorOfTheDiskIsAComplaint(String line) throws Exception {
        assertThat(log(USUAL + line + "\r\n").complaints()).containsExactly(line);
    }

    private KernelLog log(String content) throws Exception {
        return new KernelLog(Files.writeString(folder.resolve("console"), content));
    }
}
