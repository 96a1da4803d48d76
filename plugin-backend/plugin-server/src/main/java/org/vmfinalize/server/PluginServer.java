package org.vmfinalize.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.PropertySource;

/// Starts the plugin server.
@SpringBootApplication
@ConfigurationPropertiesScan
@PropertySource("classpath:server-defaults.properties")
public class PluginServer {

    /// Starts the server; settings come from arguments, environment variables and `application.yaml`.
    public static void main(String[] arguments) {
        SpringApplication.run(PluginServer.class, arguments);
    }
}
