package org.vmfinalize.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.PropertySource;
import org.vmfinalize.server.plugin.WithoutServer;
import org.vmfinalize.trust.HttpProxy;

/// Starts the plugin server.
@SpringBootApplication
@ConfigurationPropertiesScan
@PropertySource("classpath:server-defaults.properties")
public class PluginServer {

    /// Starts the server; settings come from arguments, environment variables and `application.yaml`. Or does one of
    /// [WithoutServer]'s commands.
    public static void main(String[] arguments) {
        HttpProxy.allowLogins(); // before anything makes an HTTP client
        if (WithoutServer.isMeant(arguments)) {
            System.exit(WithoutServer.run(System.getenv(), System.out, System.err, arguments));
        }
        SpringApplication.run(PluginServer.class, arguments);
    }
}
