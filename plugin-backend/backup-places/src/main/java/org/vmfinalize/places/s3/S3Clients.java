package org.vmfinalize.places.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.TrustManager;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Makes clients that ask what the settings say and nothing else: no files of Amazon's tools, no metadata service.
final class S3Clients {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private S3Clients() {}

    static S3Client client(S3Server server, Secrets secrets, ServerTrust trust, Duration patience) {
        var http = UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(patience);
        if (trust.thumbprint().isPresent() || trust.caFile().isPresent()) {
            http.tlsTrustManagersProvider(() -> managers(trust));
        }
        boolean anonymous = secrets.file().isEmpty() && secrets.prefix().isEmpty();
        var builder = S3Client.builder().httpClientBuilder(http).region(Region.of(server.region()))
                .forcePathStyle(server.pathStyle())
                .credentialsProvider(anonymous
                        ? AnonymousCredentialsProvider.create()
                        : () -> credentials(secrets))
                // Some vendors' servers refuse the checksums that Amazon's do without as well.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // Trying again is the link's part.
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .defaultProfileFile(ProfileFile.aggregator().build()));
        server.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static TrustManager[] managers(ServerTrust trust) {
        try {
            return trust.managers();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static AwsCredentials credentials(Secrets secrets) {
        Map<String, String> read;
        try {
            read = secrets.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String id = read.getOrDefault(Secrets.ACCESS_KEY_ID, "");
        String key = read.getOrDefault(Secrets.SECRET_ACCESS_KEY, "");
        if (id.isEmpty() || key.isEmpty()) {
            throw new UncheckedIOException(new IOException(
                    "the credentials must have %s and %s but have not".formatted(Secrets.ACCESS_KEY_ID,
                            Secrets.SECRET_ACCESS_KEY)));
        }
        String token = read.get(Secrets.SESSION_TOKEN);
        return token == null
                ? AwsBasicCredentials.create(id, key)
                : AwsSessionCredentials.create(id, key, token);
    }
}
