package org.vmfinalize.server;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.NfsService;
import org.vmfinalize.server.plugin.Registration;
import org.vmfinalize.server.tls.SelfSignedCertificate;
import tools.jackson.databind.json.JsonMapper;

/// Does what comes after everything is served: registers the plugin, then says that the server is ready.
@Component
class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final ServletWebServerApplicationContext web;
    private final NfsService nfs;
    private final Registration registration;
    private final SelfSignedCertificate certificate;
    private final DataDirectory dataDirectory;
    private final JsonMapper json;

    Readiness(ServletWebServerApplicationContext web, NfsService nfs, Registration registration,
            SelfSignedCertificate certificate, DataDirectory dataDirectory, JsonMapper json) {
        this.web = web;
        this.nfs = nfs;
        this.registration = registration;
        this.certificate = certificate;
        this.dataDirectory = dataDirectory;
        this.json = json;
    }

    @EventListener(ApplicationReadyEvent.class)
    void ready() throws IOException {
        var server = web.getWebServer();
        if (server == null) {
            throw new IllegalStateException("the web server must have been started");
        }
        var url = URI.create("https://%s:%d".formatted(host(), server.getPort()));
        registration.register(url);
        var ports = new LinkedHashMap<String, Integer>();
        ports.put("https", server.getPort());
        ports.putAll(nfs.ports());
        Ports.write(dataDirectory, json, ports);
        LOG.info("ready at {}, certificate SHA-256 {}, ports {}", url, certificate.thumbprint(), ports);
    }

    @EventListener(ContextClosedEvent.class)
    void closing() throws IOException {
        Ports.clear(dataDirectory);
    }

    private String host() {
        var address = web.getEnvironment().getProperty("server.address", "localhost");
        return address.equals("0.0.0.0") || address.equals("::") ? "localhost" : address;
    }
}
