package org.vmfinalize.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class HoldingsTest {

    private static final InetAddress GREEDY = InetAddress.ofLiteral("192.0.2.1");
    private final Holdings holdings = new Holdings(1000);
    private final Holdings.Share greedy = holdings.join(GREEDY);
    private final Holdings.Share modest = holdings.join(InetAddress.ofLiteral("192.0.2.2"));

    @Test
    void whoTakesAllWaitsAndWhoTakesLittleDoesNot() {
        modest.add(100);
        greedy.add(800);
        assertThat(greedy.isOver()).isFalse();

        greedy.add(200);

        assertThat(greedy.isOver()).isTrue();
        assertThat(modest.isOver()).isFalse();
        modest.add(400);
        assertThat(modest.isOver()).isTrue();
    }

    @Test
    void roomThatIsGivenBackCounts() {
        greedy.add(1000);
        greedy.add(-1);
        assertThat(greedy.isOver()).isFalse();
    }

    @Test
    void aConnectionThatTakesLittleIsNotHeldUpByAnotherOneOfItsClient() {
        var quiet = holdings.join(GREEDY);
        quiet.add(100);
        greedy.add(900);

        assertThat(greedy.isOver()).isTrue();
        assertThat(quiet.isOver()).isFalse();
    }

    @Test
    void partsGrowWhenOthersLeave() {
        greedy.add(600);
        modest.add(400);
        assertThat(greedy.isOver()).isTrue();
        modest.add(-400);
        holdings.leave(modest);
        assertThat(greedy.isOver()).isFalse();
    }
}
