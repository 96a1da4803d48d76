package org.vmfinalize.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "512, 512", "4 GiB, 4294967296", "4G, 4294967296", "200 MB, 200000000",
            "1.5 KiB, 1536",
            "2 tb, 2000000000000"})
    void readsSizesAsPeopleWriteThem(String text, long bytes) {
        assertThat(Bytes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"200 MB/s, 200000000", "100MiB/s, 104857600", "50 M, 52428800", "10 MB / s, 10000000"})
    void readsRates(String text, long bytesPerSecond) {
        assertThat(Bytes.parsePerSecond(text)).isEqualTo(bytesPerSecond);
    }

    @ParameterizedTest
    @CsvSource({"4 GiB, 4096", "512 MiB, 512", "8G, 8192"})
    void readsMemory(String text, long mebibytes) {
        assertThat(Bytes.parseMebibytes(text)).isEqualTo(mebibytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4096", "1 MB", "0"})
    void refusesMemoryThatIsNotWholeMebibytes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.parseMebibytes(text))
                .withMessage("'" + text + "' must be whole MiB, such as 4 GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "-1", "1 XB", "1,5 GB", "4 GiB/s", "99999999 PB"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1536, 1.5 KiB", "775946240, 740 MiB", "1073741824, 1.0 GiB"})
    void writesThreeDigits(long bytes, String text) {
        assertThat(Bytes.text(bytes)).isEqualTo(text);
    }
}
