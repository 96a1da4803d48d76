package org.vmfinalize.server.place;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.vmfinalize.places.Places;

@Configuration(proxyBeanMethods = false)
class PlacesConfiguration {

    /// Closed after the formats, whose bundles read files of it.
    @Bean
    Places places(PlacesSettings settings) {
        return new Places(new PlaceKinds(settings).all());
    }
}
