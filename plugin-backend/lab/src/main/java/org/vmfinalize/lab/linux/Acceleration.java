package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// How QEMU runs a guest's instructions.
enum Acceleration {
    KVM("kvm"), EMULATION("tcg");

    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final long PATIENCE_SECONDS = 3;
    private static final int ROM_BYTES = 64 << 10;
    private static final int RESET_VECTOR = ROM_BYTES - 16;
    /// `mov al, 2; out 0xf4, al; hlt`: the device for ending QEMU ends it with the status 2 × 2 + 1.
    private static final byte[] END = {(byte) 0xb0, 2, (byte) 0xe6, (byte) 0xf4, (byte) 0xf4};
    private static final int ENDED_BY_GUEST = 5;

    private final String accelerator;

    Acceleration(String accelerator) {
        this.accelerator = accelerator;
    }

    /// As QEMU names it.
    String accelerator() {
        return accelerator;
    }

    /// KVM if it really runs instructions here. There are machines with the device on which QEMU cannot start a processor,
    /// or starts one that does nothing.
    static Acceleration best(Path folder) throws IOException {
        return Files.isWritable(DEVICE) && KVM.runs(folder) ? KVM : EMULATION;
    }

    /// Whether a guest's first instructions are run.
    ///
    /// @param folder for its ROM
    boolean runs(Path folder) throws IOException {
        var rom = new byte[ROM_BYTES];
        ByteBuffer.wrap(rom).put(RESET_VECTOR, END);
        var file = Files.write(folder.resolve("probe.rom"), rom);
        var process = new ProcessBuilder(
                Program.QEMU.with("-accel", accelerator, "-cpu", "max", "-M", "pc", "-m",
                        "16", "-nodefaults", "-no-user-config", "-display", "none", "-bios", file.toString(),
                        "-device",
                        "isa-debug-exit,iobase=0xf4,iosize=1"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && process.exitValue() == ENDED_BY_GUEST;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while QEMU was tried", e);
        } finally {
            process.destroyForcibly();
            Files.delete(file);
        }
    }
}
