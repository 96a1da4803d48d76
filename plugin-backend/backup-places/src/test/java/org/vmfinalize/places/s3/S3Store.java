package org.vmfinalize.places.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/// S3Proxy: a real S3 server, with its objects in a folder.
final class S3Store implements AutoCloseable {

    static final String ACCESS_KEY = "local-identity";
    static final String SECRET_KEY = "local-credential";
    static final String BUCKET = "archive";

    private final BlobStoreContext context;
    private final S3Proxy proxy;

    private S3Store(BlobStoreContext context, S3Proxy proxy) {
        this.context = context;
        this.proxy = proxy;
    }

    static S3Store start(Path folder) throws Exception {
        var properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        var context = ContextBuilder.newBuilder("filesystem").credentials("none", "none")
                .overrides(properties)
                .build(BlobStoreContext.class);
        context.getBlobStore().createContainerInLocation(null, BUCKET);
        var proxy = S3Proxy.builder().blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY).build();
        proxy.start();
        return new S3Store(context, proxy);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    void put(String key, byte[] content) {
        var store = context.getBlobStore();
        store.putBlob(BUCKET, store.blobBuilder(key).payload(content).contentLength(content.length).build());
    }

    void delete(String key) {
        context.getBlobStore().removeBlob(BUCKET, key);
    }

    @Override
    public void close() throws IOException {
        try {
            proxy.stop();
        } catch (Exception e) { // it declares no narrower one
            throw new IOException(e);
        }
        context.close();
    }
}
