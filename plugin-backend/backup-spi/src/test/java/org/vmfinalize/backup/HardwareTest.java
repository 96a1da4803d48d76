package org.vmfinalize.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HardwareTest {

    private static final DiskController PVSCSI = new DiskController(DiskController.Type.PVSCSI, 0);
    private static final DiskController IDE = new DiskController(DiskController.Type.IDE, 1);

    @Test
    void isImmutable() {
        var controllers = new ArrayList<>(List.of(PVSCSI));
        Hardware hardware = hardware("web-01", 1 << 20, controllers, List.of());

        controllers.clear();

        assertThat(hardware.controllers()).containsExactly(PVSCSI);
    }

    @Test
    void refusesANameWithControlCharacters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hardware("a\nb", 1 << 20, List.of(), List.of()))
                .withMessage(
                        "a machine's name must be 1 to 255 characters without control characters but was 'a?b'");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1 << 20, (1 << 20) + 1})
    void refusesMemoryThatIsNoNumberOfMebibytes(long bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> hardware("a", bytes, List.of(), List.of()))
                .withMessage("a machine's memory must be a multiple of 1 MiB above 0 but was %d bytes",
                        bytes);
    }

    @Test
    void refusesADiskOnAControllerThatIsNotThere() {
        var address = new DiskAddress("disk-0", IDE, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> hardware("a", 1 << 20, List.of(PVSCSI), List.of(address)))
                .withMessageStartingWith(
                        "disk-0: must hang on a controller that the machine has but was on ");
    }

    @Test
    void refusesTwoDisksAtOneAddress() {
        var disks = List.of(new DiskAddress("disk-0", IDE, 0), new DiskAddress("disk-1", IDE, 0));

        assertThatIllegalArgumentException().isThrownBy(() -> hardware("a", 1 << 20, List.of(IDE), disks))
                .withMessageStartingWith("the addresses of disks must differ but were ");
    }

    @ParameterizedTest
    @CsvSource({"PVSCSI, 7", "PVSCSI, 16", "IDE, 2", "AHCI, 30", "NVME, -1"})
    void refusesAUnitThatTheControllerDoesNotHave(DiskController.Type type, int unit) {
        var controller = new DiskController(type, 0);

        assertThatIllegalArgumentException().isThrownBy(() -> new DiskAddress("disk-0", controller, unit))
                .withMessageEndingWith("but was " + unit);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "4, 3", "4, 0", "2, 4"})
    void refusesProcessorsThatDoNotFillTheirSockets(int count, int coresPerSocket) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hardware.Processors(count, coresPerSocket));
    }

    @Test
    void refusesWhatIsNoMacAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NetworkAdapter(NetworkAdapter.Type.VMXNET3, Optional.empty(),
                        Optional.of("00-50-56-9A-12-34")))
                .withMessage(
                        "a MAC address must be six bytes such as 00:50:56:9a:12:34 but was '00-50-56-9A-12-34'");
    }

    private static Hardware hardware(String name, long memory, List<DiskController> controllers,
            List<DiskAddress> disks) {
        return new Hardware(name, Hardware.Uuids.UNKNOWN, Optional.empty(), Hardware.Firmware.EFI,
                new Hardware.Processors(4, 2), memory, controllers, disks, List.of(), List.of());
    }
}
