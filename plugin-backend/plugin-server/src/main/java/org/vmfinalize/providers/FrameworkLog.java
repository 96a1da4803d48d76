package org.vmfinalize.providers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes what the OSGi framework has to say to the server's log.
final class FrameworkLog extends org.apache.felix.framework.Logger {

    private static final Logger log = LoggerFactory.getLogger("org.vmfinalize.providers.framework");

    @Override
    protected void doLog(int level, String message, @Nullable Throwable cause) {
        switch (level) {
            case LOG_ERROR -> log.error("{}", message, cause);
            case LOG_WARNING -> log.warn("{}", message, cause);
            case LOG_INFO -> log.info("{}", message, cause);
            default -> log.debug("{}", message, cause);
        }
    }
}
