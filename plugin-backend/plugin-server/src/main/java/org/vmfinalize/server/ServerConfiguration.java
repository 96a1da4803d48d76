package org.vmfinalize.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.vmfinalize.server.tls.CertificateStore;
import org.vmfinalize.server.tls.SelfSignedCertificate;

/// The parts that all features share.
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

    @Bean
    DataDirectory dataDirectory(ServerSettings settings) throws IOException {
        return DataDirectory.open(settings.dataDirectory());
    }

    @Bean
    SelfSignedCertificate certificate(DataDirectory dataDirectory) throws IOException {
        return CertificateStore.openOrCreate(dataDirectory.path(), ownNames());
    }

    @Bean
    SslBundleRegistrar serverBundle(SelfSignedCertificate certificate) {
        return registry -> registry.registerBundle("server", SslBundle.of(
                SslStoreBundle.of(certificate.keyStore(), certificate.password(), null)));
    }

    private static List<String> ownNames() {
        var names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
        try {
            names.add(InetAddress.getLocalHost().getCanonicalHostName());
        } catch (UnknownHostException _) {
            // A machine without a name of its own: the loopback names have to do.
        }
        return List.copyOf(names);
    }
}
