package org.example.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;
import org.vmfinalize.backup.kit.SampleFolder;

/// The tests that every format must pass, and one of this format's own.
class SplitFormatTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new SplitFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(sample("one part", 70_001), sample("parts of odd sizes", 1, 4096, 5000, 40_000));
    }

    private static Sample sample(String name, int... sizes) {
        return new Sample(name, folder -> {
            var content = new byte[Arrays.stream(sizes).sum()];
            new Random(7).nextBytes(content);
            var list = new StringBuilder("split-raw 1\n");
            int start = 0;
            for (int i = 0; i < sizes.length; i++) {
                Files.write(folder.resolve("part-" + i),
                        Arrays.copyOfRange(content, start, start + sizes[i]));
                list.append(sizes[i]).append(" part-").append(i).append('\n');
                start += sizes[i];
            }
            return new Sample.Made(Files.writeString(folder.resolve("disk.split"), list), List.of(content));
        });
    }

    @ParameterizedTest
    @CsvSource({"'', must list 1 to 512 parts but lists 0", "'x part', a line must be a size of 1 to",
            "'0 part', a line must be a size", "'99999999999999999999 part', a line must be a size",
            "'5 part', must have the 5 bytes"})
    void refusesAListThatCannotBe(String line, String message, @TempDir Path folder) throws IOException {
        Files.write(folder.resolve("part"), new byte[4]);
        var list = Files.write(folder.resolve("disk.split"), ("split-raw 1\n" + line).getBytes(UTF_8));

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> format().open(new SampleFolder().open(
                        list)).close())
                .withMessageContaining(message);
    }
}
