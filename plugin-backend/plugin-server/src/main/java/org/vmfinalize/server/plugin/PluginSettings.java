package org.vmfinalize.server.plugin;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the plugin is registered with vCenter.
///
/// @param registerExtension whether that is done at each start
/// @param publicUrl where vCenter reaches this server, such as `https://finalize.example.org:8443`; without it, the
///        address and port that the server listens at
@ConfigurationProperties("vmfinalize")
record PluginSettings(@DefaultValue("true") boolean registerExtension, @Nullable URI publicUrl) {}
