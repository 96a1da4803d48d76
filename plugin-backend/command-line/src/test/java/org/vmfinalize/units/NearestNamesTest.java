package org.vmfinalize.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {

    private static final List<String> NAMES = List.of("web-01", "web-02", "db-01", "mail");

    @Test
    void aSlipOfTheFingerIsForgiven() {
        assertThat(NearestNames.of("web-1", NAMES)).startsWith("web-01");
        assertThat(NearestNames.of("MAIL", NAMES)).containsExactly("mail");
        assertThat(NearestNames.of("vsm", List.of("run", "vms"))).containsExactly("vms");
    }

    @Test
    void aPartOfANameFindsIt() {
        assertThat(NearestNames.of("web", NAMES)).containsExactly("web-01", "web-02");
    }

    @Test
    void nothingIsNearToWhatIsFar() {
        assertThat(NearestNames.of("exchange-server", NAMES)).isEmpty();
    }
}
