package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmfinalize.lab.linux.LinuxReport;

class ProofTest {

    private final Proof proof = new Proof();

    @Test
    void aGuestThatWasWithoutItsDiskForTooLongIsAProblem() {
        proof.within(Duration.ofSeconds(10), guestWithout(Duration.ofMillis(10_010)));

        assertThat(proof.problems())
                .containsExactly("the guest must not be without its disk for more than 10 s"
                        + " (see --longest-gap) but was for 10.01 s");
    }

    @Test
    void aGuestThatWaitedForAsLongAsIsAllowedIsNone() {
        proof.within(Duration.ofSeconds(10), guestWithout(Duration.ofSeconds(10)));

        assertThat(proof.problems()).isEmpty();
    }

    private static LinuxReport guestWithout(Duration disk) {
        return new LinuxReport("6.1", false, 4, 40, 9, 900, 100, disk, List.of());
    }
}
