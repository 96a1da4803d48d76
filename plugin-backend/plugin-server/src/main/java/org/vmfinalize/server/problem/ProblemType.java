package org.vmfinalize.server.problem;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/// The kinds of problems that the API knows. The kind is what clients decide by: its URI does not change.
public enum ProblemType {
    /// The file or folder of the backup is not there.
    BACKUP_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Backup not found"),
    /// There is no restore point of that id.
    RESTORE_POINT_NOT_FOUND(HttpStatus.NOT_FOUND, "Restore point not found"),
    /// Backups must not be taken from that place.
    BACKUP_NOT_ALLOWED(HttpStatus.FORBIDDEN, "Backup not allowed"),
    /// No backup format knows the file.
    NOT_AN_IMAGE(HttpStatus.UNPROCESSABLE_CONTENT, "Not a disk image"),
    /// The backup contradicts itself, or a part of it is missing.
    BACKUP_DAMAGED(HttpStatus.UNPROCESSABLE_CONTENT, "Backup damaged"),
    /// What was named as a second copy of a restore point is another one.
    BACKUP_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT, "Another restore point"),
    /// The backup cannot be read now.
    BACKUP_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Backup not available"),
    /// Another virtual machine in the folder has that name.
    NAME_TAKEN(HttpStatus.CONFLICT, "Name taken"),
    /// vCenter would not take the name.
    NAME_INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "Name not valid"),
    /// The virtual machine does not run from a backup.
    NOT_AN_INSTANT_VM(HttpStatus.CONFLICT, "Not an instant VM"),
    /// The virtual machine is being finalized by another job.
    ALREADY_FINALIZING(HttpStatus.CONFLICT, "Finalization already running"),
    /// The finished disks would not fit.
    DATASTORE_FULL(HttpStatus.INSUFFICIENT_STORAGE, "Datastore full"),
    /// The word for the provisioning is none that is known.
    INVALID_PROVISIONING(HttpStatus.UNPROCESSABLE_CONTENT, "Provisioning not valid"),
    /// vCenter shows no such virtual machine to the user.
    VM_NOT_FOUND(HttpStatus.NOT_FOUND, "Virtual machine not found"),
    /// vCenter shows no such host to the user.
    HOST_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Host not found"),
    /// No machine can be started on the host now.
    HOST_NOT_USABLE(HttpStatus.UNPROCESSABLE_CONTENT, "Host not usable"),
    /// vCenter shows no such cluster to the user.
    CLUSTER_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Cluster not found"),
    /// vCenter shows no such resource pool to the user.
    RESOURCE_POOL_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Resource pool not found"),
    /// vCenter shows no such folder of virtual machines to the user.
    FOLDER_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Folder not found"),
    /// The hosts have no such network, or vCenter does not show it to the user.
    NETWORK_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Network not found"),
    /// Several things have the name.
    AMBIGUOUS_NAME(HttpStatus.UNPROCESSABLE_CONTENT, "Name not unique"),
    /// The host cannot run this version of the virtual hardware.
    HARDWARE_VERSION_UNSUPPORTED(HttpStatus.UNPROCESSABLE_CONTENT, "Hardware version not supported"),
    /// The host does not mount the datastore.
    DATASTORE_NOT_REACHABLE(HttpStatus.UNPROCESSABLE_CONTENT, "Datastore not reachable"),
    /// The changes cannot be kept in the way that was asked for.
    CHANGES_NOT_KEPT(HttpStatus.UNPROCESSABLE_CONTENT, "Changes cannot be kept"),
    /// The machine is being thrown away.
    ALREADY_DISCARDING(HttpStatus.CONFLICT, "Being discarded"),
    /// This server has no datastore of that name.
    DATASTORE_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Datastore not found"),
    /// The server could not read or write its datastore.
    DATASTORE_FAILED(HttpStatus.INTERNAL_SERVER_ERROR, "Datastore failed"),
    /// There is no such finalization.
    FINALIZATION_NOT_FOUND(HttpStatus.NOT_FOUND, "Finalization not found"),
    /// vCenter cannot be reached.
    VCENTER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "vCenter not available"),
    /// vCenter was reached and refused.
    VCENTER_REFUSED(HttpStatus.BAD_GATEWAY, "vCenter refused"),
    /// The caller did not say who he is, or is not known any more.
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED, "Not authenticated"),
    /// The caller lacks a privilege in vCenter.
    FORBIDDEN(HttpStatus.FORBIDDEN, "Privilege missing"),
    /// The thing is not in a state that allows this.
    INVALID_STATE(HttpStatus.CONFLICT, "Not possible in this state"),
    /// More is asked at the same time than the server allows.
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
    /// The request itself is malformed.
    BAD_REQUEST(HttpStatus.BAD_REQUEST, "Request not valid"),
    /// Nothing has that path.
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
    /// The path is there but takes other methods.
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
    /// The request's body is longer than any that makes sense.
    REQUEST_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Request too large"),
    /// The request's body is not JSON.
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Media type not supported"),
    /// The answer cannot be had in a form that the caller accepts.
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Media type not available"),
    /// A fault of the server itself, or of what it stands on.
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Server error");

    private final HttpStatus status;
    private final String title;

    ProblemType(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }

    /// `/problems/` and the name in kebab case.
    URI uri() {
        return URI.create("/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
