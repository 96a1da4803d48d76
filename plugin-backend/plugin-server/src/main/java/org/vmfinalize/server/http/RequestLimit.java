package org.vmfinalize.server.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Refuses bodies that are longer than any sensible request, before or while they are read.
@Component
@Order(Ordered.LOWEST_PRECEDENCE - 10)
class RequestLimit extends OncePerRequestFilter {

    private static final int MAX_BODY_BYTES = 64 * 1024;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        // Refused when the body is read, where the problem becomes JSON like every other.
        chain.doFilter(new LimitedRequest(request), response);
    }

    private static Problem tooLarge() {
        return new Problem(ProblemType.REQUEST_TOO_LARGE,
                "request body: must have at most %d bytes but had more".formatted(MAX_BODY_BYTES));
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private LimitedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (getContentLengthLong() > MAX_BODY_BYTES) {
                throw tooLarge();
            }
            return new LimitedStream(super.getInputStream());
        }
    }

    /// Counts, for a request that does not say its length.
    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream in;
        private int count;

        private LimitedStream(ServletInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            if (b >= 0) {
                count(1);
            }
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = in.read(target, offset, length);
            if (n > 0) {
                count(n);
            }
            return n;
        }

        private void count(int bytes) {
            count += bytes;
            if (count > MAX_BODY_BYTES) {
                throw tooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
