package org.vmfinalize.places.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.places.remote.PassingException;
import org.vmfinalize.places.remote.RemoteFile;

/// One version of a file on a web server.
final class HttpFile implements RemoteFile {

    /// More at a time gains nothing, and is lost when a connection breaks.
    private static final int MAX_RANGE_BYTES = 4 << 20;

    private final Web web;
    private final Address address;
    private final Version version;

    /// Where a redirect led; asked first, until that does not work any more, as with addresses that are signed for a time.
    private volatile URI from;

    private HttpFile(Web web, Address address, Version version, URI from) {
        this.web = web;
        this.address = address;
        this.version = version;
        this.from = from;
    }

    /// @throws PassingException if the server cannot answer now
    /// @throws org.vmfinalize.places.BackupNotFoundException if it has no such file
    /// @throws IOException if it does not give ranges, or nothing that pins the version
    static HttpFile open(Web web, Address address) throws IOException {
        var body = new RangeBody(1);
        var answer = web.get(address.uri(), request -> request.header("Range", "bytes=0-0"),
                head -> head.statusCode() == 206 ? Optional.of(body) : Optional.empty());
        var response = answer.response();
        if (response.statusCode() == 416) {
            throw new IOException("must be an image but is empty");
        }
        if (response.statusCode() != 206) {
            throw RangeReply.refusal(response.statusCode(), response.headers());
        }
        long size = RangeReply.wholeSize(response.headers(), 0, 1);
        return new HttpFile(web, address, Version.of(size, response.headers()), answer.from());
    }

    @Override
    public String location() {
        return address.toString();
    }

    @Override
    public String path() {
        return address.path();
    }

    @Override
    public long size() {
        return version.size();
    }

    @Override
    public String identity() {
        return version.identity();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = Math.min(target.remaining(), MAX_RANGE_BYTES);
            readRange(target, at, at + count);
            at += count;
        }
    }

    private void readRange(ByteBuffer target, long start, long end) throws IOException {
        URI asked = from;
        var body = new RangeBody((int) (end - start));
        try {
            var answer = web.get(asked, request -> {
                request.header("Range", "bytes=%d-%d".formatted(start, end - 1));
                version.require(request);
            }, head -> isRange(head, start, end) ? Optional.of(body) : Optional.empty());
            check(answer.response(), start, end);
            from = answer.from();
        } catch (IOException e) {
            // What a redirect led to may be gone while the file is not.
            if (!(e instanceof PassingException) && !asked.equals(address.uri())) {
                from = address.uri();
                throw new PassingException(String.valueOf(e.getMessage()), e);
            }
            throw e;
        } finally {
            target.put(body.content());
        }
    }

    /// The body is taken only if the head is right.
    private boolean isRange(HttpResponse.ResponseInfo head, long start, long end) {
        try {
            return head.statusCode() == 206 && version.matches(head.headers())
                    && RangeReply.wholeSize(head.headers(), start, end) == version.size();
        } catch (IOException _) {
            return false; // and check() says why
        }
    }

    private void check(HttpResponse<Integer> response, long start, long end) throws IOException {
        if (response.statusCode() != 206) {
            throw RangeReply.refusal(response.statusCode(), response.headers());
        }
        long size = RangeReply.wholeSize(response.headers(), start, end);
        if (size != version.size() || !version.matches(response.headers())) {
            throw RangeReply.changed();
        }
        if (response.body() != end - start) {
            throw new PassingException("the body broke off after %d of %d bytes".formatted(response.body(),
                    end - start));
        }
    }

    @Override
    public List<Extent> extentsAt(ByteRange range) {
        return List.of(new Extent(range, Extent.Kind.UNKNOWN));
    }

    @Override
    public RemoteFile open(String path) throws IOException {
        return open(web, address.withPath(path));
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        throw new IOException(
                "%s: a web server takes no mark that a backup is in use; see to it that the file stays"
                        .formatted(address));
    }

    @Override
    public void release(String holderId) {
        // No mark was left.
    }

    @Override
    public void close() {
        // Connections belong to the place.
    }
}
