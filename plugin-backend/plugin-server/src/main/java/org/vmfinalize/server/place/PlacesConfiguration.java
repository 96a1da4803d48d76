package org.vmfinalize.server.place;

import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.cache.BlockCache;

@Configuration(proxyBeanMethods = false)
class PlacesConfiguration {

    /// Closed after the formats, whose bundles read files of it.
    @Bean
    Places places(PlacesSettings settings, ObjectProvider<BlockCache> cache) {
        return new Places(new PlaceKinds(settings, cache::getObject).all());
    }

    /// Made by the first place that wants it, and so closed after all places.
    @Bean
    @Lazy
    BlockCache placeCache(PlacesSettings settings) throws IOException {
        return BlockCache.open(settings.cacheDirectory(), settings.placeCache().size().toBytes());
    }
}
