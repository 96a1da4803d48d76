package org.vmfinalize.server.vcenter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.vmfinalize.vcenter.VCenterConnector;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// The way to vCenter, if the settings name one.
@Configuration(proxyBeanMethods = false)
class VCenterConfiguration {

    @Bean
    @ConditionalOnProperty("vmfinalize.vcenter.url")
    VCenterConnector vcenterConnector(VCenterSettings settings) {
        return new SoapConnector(settings.address());
    }
}
