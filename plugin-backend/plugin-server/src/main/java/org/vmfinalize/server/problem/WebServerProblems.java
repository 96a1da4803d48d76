package org.vmfinalize.server.problem;

import java.io.IOException;
import java.util.LinkedHashMap;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Has the web server answer with problems, too, where it refuses a request before any of our code sees it: an encoded slash
/// in the path, say. Else it would answer with a page of its own.
@Component
class WebServerProblems implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(Valve.class.getName());
            }
        });
    }

    /// Made by the web server.
    ///
    /// **Threads:** any number.
    public static final class Valve extends ErrorReportValve {

        private static final Logger LOG = LoggerFactory.getLogger(Valve.class);
        private static final JsonMapper JSON = new JsonMapper();

        @Override
        protected void report(Request request, Response response, @Nullable Throwable throwable) {
            int status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            var problem = new Problem(ProblemAdvice.typeOf(HttpStatusCode.valueOf(status)),
                    "request: the web server does not take its path or headers; check encoded characters and lengths");
            var fields = new LinkedHashMap<String, Object>();
            fields.put("type", problem.type().uri().toString());
            fields.put("title", problem.type().title());
            fields.put("status", status);
            fields.put("detail", problem.getMessage());
            fields.put("remedy", problem.type().remedy());
            try {
                response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
                var writer = response.getReporter();
                if (writer != null) {
                    writer.write(JSON.writeValueAsString(fields));
                    response.finishResponse();
                }
            } catch (IOException e) {
                LOG.debug("the client is gone", e);
            }
        }
    }
}
