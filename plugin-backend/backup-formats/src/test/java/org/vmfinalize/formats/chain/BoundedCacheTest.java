package org.vmfinalize.formats.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedCacheTest {

    @Test
    void theCacheKeepsToItsBound() {
        var cache = new BoundedCache<Integer, String>(100);
        for (int i = 0; i < 50; i++) {
            cache.put(i % 30, "value " + i, 7);
            assertThat(cache.bytes()).isLessThanOrEqualTo(100);
        }

        assertThat(cache.get(49 % 30)).isEqualTo("value 49");
        assertThat(cache.get(20 % 30)).isNull();
    }
}
