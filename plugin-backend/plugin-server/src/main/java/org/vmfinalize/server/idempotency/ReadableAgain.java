package org.vmfinalize.server.idempotency;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request whose body can be read more than once. It is kept in memory, so the body's length must be limited.
final class ReadableAgain extends HttpServletRequestWrapper {

    private byte @Nullable [] body;

    ReadableAgain(HttpServletRequest request) {
        super(request);
    }

    byte[] body() throws IOException {
        var known = body;
        if (known == null) {
            known = super.getInputStream().readAllBytes();
            body = known;
        }
        return known;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Kept(new ByteArrayInputStream(body()));
    }

    private static final class Kept extends ServletInputStream {

        private final ByteArrayInputStream in;

        private Kept(ByteArrayInputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
            return in.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("the body is there already: nobody has to wait for it");
        }
    }
}
