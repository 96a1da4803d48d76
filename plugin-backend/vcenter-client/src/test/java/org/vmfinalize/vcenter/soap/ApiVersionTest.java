package org.vmfinalize.vcenter.soap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiVersionTest {

    @Test
    void theNewestThatBothKnowIsSpoken() {
        assertThat(ApiVersion.choose(List.of("9.0.0.0", "8.0.3.0", "8.0.1.0", "7.0.3.0")))
                .contains("8.0.1.0");
        assertThat(ApiVersion.choose(List.of("7.0.3.0", "7.0.2.0"))).contains("7.0.3.0");
    }

    @Test
    void aServerThatListsNoneOfOursGetsTheNewestThatIsOlderThanItself() {
        assertThat(ApiVersion.choose(List.of("8.0.3.0", "6.0", "5.5"))).contains("8.0.2.0");
        assertThat(ApiVersion.choose(List.of("8.0.0.2", "6.0"))).contains("7.0.3.0");
    }

    @Test
    void aServerOlderThanAllOfOursGetsNone() {
        assertThat(ApiVersion.choose(List.of("6.7.3", "6.0"))).isEmpty();
        assertThat(ApiVersion.choose(List.of())).isEmpty();
    }
}
