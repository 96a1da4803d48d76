package org.vmfinalize.places.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.places.remote.PassingException;
import org.vmfinalize.places.remote.RemoteFile;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// One version of an object.
///
/// @param version of the object, where the bucket keeps versions
record S3File(S3Client client, Bucket object, long size, String etag, Optional<String> version)
        implements
            RemoteFile {

    private static final int MAX_RANGE_BYTES = 4 << 20;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_ETAG_CHARACTERS = 100;

    static S3File open(S3Client client, Bucket object) throws IOException {
        HeadObjectResponse head = Answers.of(() -> client.headObject(request -> request.bucket(object.name())
                .key(object.key())));
        if (head.eTag() == null || head.eTag().length() > MAX_ETAG_CHARACTERS) {
            throw new IOException("the server must send an ETag of at most %d characters".formatted(
                    MAX_ETAG_CHARACTERS));
        }
        if (head.contentLength() == null || head.contentLength() < 1) {
            throw new IOException("must be an image but is empty");
        }
        // Without versions servers say nothing, or "null".
        var version = Optional.ofNullable(head.versionId()).filter(id -> !id.isEmpty() && !id.equals("null"));
        return new S3File(client, object, head.contentLength(), head.eTag(), version);
    }

    @Override
    public String location() {
        return object.toString();
    }

    @Override
    public String path() {
        return object.key();
    }

    @Override
    public String identity() {
        return "s3-%d-%s".formatted(size, etag);
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
        var request = GetObjectRequest.builder().bucket(object.name()).key(object.key())
                .range("bytes=%d-%d".formatted(start, end - 1)).ifMatch(etag)
                .versionId(version.orElse(null)).build();
        var body = Answers.of(() -> client.getObject(request));
        boolean whole = false;
        try {
            check(body.response(), start, end);
            copy(body, target, end - start);
            whole = true;
        } finally {
            if (whole) {
                body.close();
            } else {
                body.abort();
            }
        }
    }

    private void check(GetObjectResponse head, long start, long end) throws IOException {
        String expected = "bytes %d-%d/%d".formatted(start, end - 1, size);
        if (!expected.equals(head.contentRange())) {
            throw new IOException("the part must be '%s' but is '%s'".formatted(expected,
                    head.contentRange()));
        }
        if (head.eTag() != null && !head.eTag().equals(etag)) {
            throw Answers.changed();
        }
    }

    private static void copy(ResponseInputStream<GetObjectResponse> body, ByteBuffer target, long count)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = count;
        while (left > 0) {
            int read;
            try {
                read = body.read(buffer, 0, (int) Math.min(left, buffer.length));
            } catch (IOException | RuntimeException e) {
                throw new PassingException("the body broke off: " + e.getMessage(), e);
            }
            if (read < 0) {
                throw new PassingException("the body broke off %d bytes too early".formatted(left));
            }
            target.put(buffer, 0, read);
            left -= read;
        }
    }

    @Override
    public List<Extent> extentsAt(ByteRange range) {
        return List.of(new Extent(range, Extent.Kind.UNKNOWN));
    }

    @Override
    public RemoteFile open(String path) throws IOException {
        return open(client, object.withKey(path));
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        new LegalHold(client, object, version).hold(holder);
    }

    @Override
    public void release(String holderId) throws IOException {
        new LegalHold(client, object, version).release(holderId);
    }

    @Override
    public void close() {
        // Connections belong to the place.
    }
}
