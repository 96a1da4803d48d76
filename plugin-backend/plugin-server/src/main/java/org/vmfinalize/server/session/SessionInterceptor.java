package org.vmfinalize.server.session;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Lets a request pass to a controller only with a session.
///
/// It goes by the method that will answer, not by the path: a new controller is protected unless it says otherwise, and
/// a path that is spelt in an odd way gains nothing. Static files are open, since vCenter fetches them without a session.
@Component
class SessionInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    /// The vSphere Client's own header.
    static final String PLUGIN_TOKEN_HEADER = "vmware-api-session-id";

    private final Sessions sessions;

    SessionInterceptor(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // The second half of an answer that was begun with a session.
        boolean goesOn = request.getDispatcherType() == DispatcherType.ASYNC;
        if (!goesOn && !isOpen(handler)) {
            request.setAttribute(Caller.ATTRIBUTE, caller(request));
        }
        return true;
    }

    private static boolean isOpen(Object handler) {
        if (handler instanceof HandlerMethod method) {
            return method.hasMethodAnnotation(WithoutSession.class)
                    || method.getBeanType().isAnnotationPresent(WithoutSession.class);
        }
        return handler instanceof ResourceHttpRequestHandler;
    }

    private Caller caller(HttpServletRequest request) {
        var bearer = BearerToken.of(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (bearer.isPresent()) {
            return sessions.byBearerToken(bearer.get());
        }
        var pluginToken = request.getHeader(PLUGIN_TOKEN_HEADER);
        if (pluginToken != null) {
            return sessions.byPluginToken(pluginToken);
        }
        throw new Problem(ProblemType.UNAUTHORIZED,
                "session: the request has none; send the header Authorization: Bearer TOKEN with a token from POST /api/v1/sessions");
    }
}
