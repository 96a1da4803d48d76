package org.vmfinalize.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.vmfinalize.places.Places;
import org.vmfinalize.providers.BackupProviders;
import org.vmfinalize.server.receipt.Receipts;
import org.vmfinalize.server.tls.CertificateStore;
import org.vmfinalize.server.tls.SelfSignedCertificate;

/// The parts that all features share.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ServerConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    DataDirectory dataDirectory(ServerSettings settings) throws IOException {
        var directory = DataDirectory.open(settings.dataDirectory());
        Ports.clear(directory);
        return directory;
    }

    @Bean
    SelfSignedCertificate certificate(DataDirectory dataDirectory) throws IOException {
        return CertificateStore.openOrCreate(dataDirectory.path(), ownNames());
    }

    @Bean
    Receipts receipts(DataDirectory dataDirectory) throws IOException {
        return Receipts.in(dataDirectory.path());
    }

    @Bean
    SslBundleRegistrar serverBundle(SelfSignedCertificate certificate) {
        return registry -> registry.registerBundle("server", SslBundle.of(
                SslStoreBundle.of(certificate.keyStore(), certificate.password(), null)));
    }

    /// Closed after the datastores, whose backups its bundles read.
    @Bean
    BackupProviders backupProviders(DataDirectory dataDirectory, ServerSettings settings, Places places)
            throws IOException {
        return BackupProviders.start(dataDirectory.resolve("providers"), settings.providersDirectory(),
                places, settings.providerPatience());
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
