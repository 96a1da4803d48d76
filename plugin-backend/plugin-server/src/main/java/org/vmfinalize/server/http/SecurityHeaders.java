package org.vmfinalize.server.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Tells browsers what our pages may do. The vSphere Client frames them from its own origin, hence `'self'` and
/// SAMEORIGIN rather than a ban of frames.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class SecurityHeaders extends OncePerRequestFilter {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; frame-ancestors 'self'; base-uri 'self'; "
            + "img-src 'self' data:; font-src 'self' data:; style-src 'self'; object-src 'none'; form-action 'self'";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "SAMEORIGIN");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", mayBeKept(request.getRequestURI()) ? "no-cache" : "no-store");
        chain.doFilter(request, response);
    }

    /// Pages and icons may be kept if the browser asks whether they are still good; answers of the API may not.
    private static boolean mayBeKept(String path) {
        return !path.startsWith("/api/") && !path.startsWith("/dynamic/");
    }
}
