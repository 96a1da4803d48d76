package org.vmfinalize.server.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.InputStream;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/// Gives each answer of the API that only shows something an entity tag of its bytes, and answers 304 to those who have
/// these bytes already.
///
/// Answers are not stored by browsers (`no-store`); programs that watch something spare the transfer.
@Component
class EntityTags extends ShallowEtagHeaderFilter {

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/")
                || !HttpMethod.GET.matches(request.getMethod())
                || request.getRequestURI().endsWith("/events");
    }

    @Override
    protected boolean isEligibleForEtag(HttpServletRequest request, HttpServletResponse response,
            int responseStatusCode, InputStream inputStream) {
        return responseStatusCode >= 200 && responseStatusCode < 300;
    }
}
