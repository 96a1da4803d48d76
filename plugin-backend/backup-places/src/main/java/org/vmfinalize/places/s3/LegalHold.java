package org.vmfinalize.places.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.Tag;

/// Holds an object: a tag for each holder, and S3's legal hold for as long as there is one.
///
/// The hold is a switch that knows no owner, hence the tags: the last holder who goes switches it off, unless it was on
/// before the first came. Needs a bucket with object lock.
///
/// @param version which version is held, where the bucket keeps versions
record LegalHold(S3Client client, Bucket object, Optional<String> version) {

    private static final String HOLDER = "vm-finalize-holder-";
    private static final String WAS_ON = "vm-finalize-hold-was-on";
    private static final int MAX_VALUE_CHARACTERS = 256;

    void hold(Backup.Holder holder) throws IOException {
        try {
            var tags = tags();
            if (!isHeldIn(tags) && isOn()) {
                tags.add(tag(WAS_ON, "true"));
            }
            tags.removeIf(tag -> tag.key().equals(HOLDER + holder.id()));
            tags.add(tag(HOLDER + holder.id(), "%s since %s".formatted(holder.reason(), holder.since())));
            write(tags);
            set(ObjectLockLegalHoldStatus.ON);
        } catch (IOException e) {
            throw new IOException(
                    "%s: the object cannot be put on legal hold: %s; it can be read all the same, but keep it from being deleted"
                            .formatted(object, e.getMessage()),
                    e);
        }
    }

    void release(String holderId) throws IOException {
        var tags = tags();
        if (!tags.removeIf(tag -> tag.key().equals(HOLDER + holderId))) {
            return;
        }
        if (!isHeldIn(tags) && !tags.removeIf(tag -> tag.key().equals(WAS_ON))) {
            set(ObjectLockLegalHoldStatus.OFF);
        }
        write(tags);
    }

    private static boolean isHeldIn(List<Tag> tags) {
        return tags.stream().anyMatch(tag -> tag.key().startsWith(HOLDER));
    }

    private List<Tag> tags() throws IOException {
        return new ArrayList<>(Answers.of(() -> client.getObjectTagging(request -> request.bucket(
                object.name()).key(object.key()).versionId(version.orElse(null)))).tagSet());
    }

    private void write(List<Tag> tags) throws IOException {
        Answers.of(() -> client.putObjectTagging(request -> request.bucket(object.name()).key(object.key())
                .versionId(version.orElse(null)).tagging(tagging -> tagging.tagSet(tags))));
    }

    private boolean isOn() throws IOException {
        try {
            var answer = Answers.of(() -> client.getObjectLegalHold(request -> request.bucket(object.name())
                    .key(object.key()).versionId(version.orElse(null))));
            return answer.legalHold() != null
                    && answer.legalHold().status() == ObjectLockLegalHoldStatus.ON;
        } catch (org.vmfinalize.places.BackupNotFoundException _) {
            // That is how a server says that the object was never on hold.
            return false;
        }
    }

    private void set(ObjectLockLegalHoldStatus status) throws IOException {
        Answers.of(() -> client.putObjectLegalHold(request -> request.bucket(object.name()).key(object.key())
                .versionId(version.orElse(null)).legalHold(hold -> hold.status(status))));
    }

    /// Only some characters may stand in a tag.
    private static Tag tag(String key, String value) {
        String clean = value.replaceAll("[^\\p{Alnum} +=._:/@-]", " ");
        return Tag.builder().key(key).value(clean.substring(0, Math.min(MAX_VALUE_CHARACTERS,
                clean.length()))).build();
    }
}
