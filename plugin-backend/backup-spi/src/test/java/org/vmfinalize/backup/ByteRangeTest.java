package org.vmfinalize.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({"0,10, 5,15, 5,10", "5,15, 0,10, 5,10", "0,5, 5,10, 5,5", "7,9, 0,100, 7,9",
            "0,100, 7,9, 7,9",
            "20,30, 0,10, 10,10"})
    void cutsARangeToAnother(long start, long end, long otherStart, long otherEnd, long cutStart,
            long cutEnd) {
        var cut = new ByteRange(start, end).within(new ByteRange(otherStart, otherEnd));

        assertThat(cut).isEqualTo(new ByteRange(cutStart, cutEnd));
    }

    @Test
    void refusesALengthThatOverflows() {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteRange.of(Long.MAX_VALUE - 1, 3));
    }

    @Test
    void refusesANegativeStart() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(-1, 3))
                .withMessage("a byte range must have 0 <= start <= end but was [-1, 3)");
    }

    @Test
    void rangesThatOnlyTouchDoNotOverlap() {
        assertThat(new ByteRange(0, 5).overlaps(new ByteRange(5, 6))).isFalse();
        assertThat(new ByteRange(0, 6).overlaps(new ByteRange(5, 6))).isTrue();
    }
}
