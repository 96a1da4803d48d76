package org.vmfinalize.server.problem;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/// The kinds of problems that the API knows. The kind is what clients decide by: its URI does not change.
public enum ProblemType {
    /// The file or folder of the backup is not there.
    BACKUP_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Backup not found",
            "Check the location, or choose a restore point of the list of backups."),
    /// There is no restore point of that id.
    RESTORE_POINT_NOT_FOUND(HttpStatus.NOT_FOUND, "Restore point not found",
            "Look at the list of backups again."),
    /// Backups must not be taken from that place.
    BACKUP_NOT_ALLOWED(HttpStatus.FORBIDDEN, "Backup not allowed",
            "Have the place added to vmfinalize.places, or take the backup from a place that is there."),
    /// No backup format knows the file.
    NOT_AN_IMAGE(HttpStatus.UNPROCESSABLE_CONTENT, "Not a disk image",
            "Name the image or description of a backup, or add the bundle of its format."),
    /// The backup contradicts itself, or a part of it is missing.
    BACKUP_DAMAGED(HttpStatus.UNPROCESSABLE_CONTENT, "Backup damaged",
            "Compare the backup with its checksums, or take another restore point."),
    /// What was named as a second copy of a restore point is another one.
    BACKUP_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT, "Another restore point",
            "Name a copy of the same restore point."),
    /// The backup cannot be read now.
    BACKUP_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Backup not available",
            "Bring the backup back, then try again."),
    /// Another virtual machine in the folder has that name.
    NAME_TAKEN(HttpStatus.CONFLICT, "Name taken",
            "Choose another name, or rename the machine that has it."),
    /// vCenter would not take the name.
    NAME_INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "Name not valid",
            "Choose another name."),
    /// The virtual machine does not run from a backup.
    NOT_AN_INSTANT_VM(HttpStatus.CONFLICT, "Not an instant VM",
            "Choose a machine of the list of instant VMs."),
    /// The virtual machine is being finalized by another job.
    ALREADY_FINALIZING(HttpStatus.CONFLICT, "Finalization already running",
            "Wait for the finalization that runs, or cancel it."),
    /// The finished disks would not fit.
    DATASTORE_FULL(HttpStatus.INSUFFICIENT_STORAGE, "Datastore full",
            "Make room on the datastore, or choose thin provisioning."),
    /// The word for the provisioning is none that is known.
    INVALID_PROVISIONING(HttpStatus.UNPROCESSABLE_CONTENT, "Provisioning not valid",
            "Choose thin, thick or eager-thick."),
    /// vCenter shows no such virtual machine to the user.
    VM_NOT_FOUND(HttpStatus.NOT_FOUND, "Virtual machine not found",
            "Check the id, or have the machine shown to you in vCenter."),
    /// vCenter shows no such host to the user.
    HOST_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Host not found",
            "Choose a host that vCenter shows you."),
    /// No machine can be started on the host now.
    HOST_NOT_USABLE(HttpStatus.UNPROCESSABLE_CONTENT, "Host not usable",
            "Connect the host and end its maintenance mode, or choose another."),
    /// vCenter shows no such cluster to the user.
    CLUSTER_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Cluster not found",
            "Choose a cluster that vCenter shows you."),
    /// vCenter shows no such resource pool to the user.
    RESOURCE_POOL_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Resource pool not found",
            "Choose a resource pool of the same cluster or host."),
    /// vCenter shows no such folder of virtual machines to the user.
    FOLDER_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Folder not found",
            "Choose a folder of virtual machines that vCenter shows you."),
    /// The hosts have no such network, or vCenter does not show it to the user.
    NETWORK_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Network not found",
            "Choose a network of the host, or disconnected."),
    /// Several things have the name.
    AMBIGUOUS_NAME(HttpStatus.UNPROCESSABLE_CONTENT, "Name not unique",
            "Give the id instead of the name."),
    /// The host cannot run this version of the virtual hardware.
    HARDWARE_VERSION_UNSUPPORTED(HttpStatus.UNPROCESSABLE_CONTENT, "Hardware version not supported",
            "Choose a version that the host knows, or leave it out."),
    /// The host does not mount the datastore.
    DATASTORE_NOT_REACHABLE(HttpStatus.UNPROCESSABLE_CONTENT, "Datastore not reachable",
            "See that the hosts reach the server's NFS ports, or choose another host."),
    /// The changes cannot be kept in the way that was asked for.
    CHANGES_NOT_KEPT(HttpStatus.UNPROCESSABLE_CONTENT, "Changes cannot be kept",
            "Choose another file below the folder for changes."),
    /// The machine is being thrown away.
    ALREADY_DISCARDING(HttpStatus.CONFLICT, "Being discarded",
            "Wait until it is gone."),
    /// This server has no datastore of that name.
    DATASTORE_NOT_FOUND(HttpStatus.UNPROCESSABLE_CONTENT, "Datastore not found",
            "Choose one of the list of datastores."),
    /// The datastore is still used.
    DATASTORE_IN_USE(HttpStatus.CONFLICT, "Datastore in use",
            "End the uses that the detail names, then try again."),
    /// A machine cannot be moved to the datastore that it is on.
    SAME_DATASTORE(HttpStatus.UNPROCESSABLE_CONTENT, "Same datastore",
            "Name another datastore, or leave it where it is."),
    /// vSphere would not move the machine.
    MOVE_REFUSED(HttpStatus.CONFLICT, "Move refused by vSphere",
            "Do as vSphere says, choose another datastore, or finalize it without moving it."),
    /// The server could not read or write its datastore.
    DATASTORE_FAILED(HttpStatus.INTERNAL_SERVER_ERROR, "Datastore failed",
            "Look at the server's log and at the disk that the datastore lies on."),
    /// There is no such finalization.
    FINALIZATION_NOT_FOUND(HttpStatus.NOT_FOUND, "Finalization not found",
            "Look at the list of finalizations."),
    /// vCenter cannot be reached.
    VCENTER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "vCenter not available",
            "See that vCenter runs and that the server reaches it, then try again."),
    /// vCenter was reached and refused.
    VCENTER_REFUSED(HttpStatus.BAD_GATEWAY, "vCenter refused",
            "Mend what vCenter's message names, then try again."),
    /// The caller did not say who he is, or is not known any more.
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED, "Not authenticated",
            "Log in again."),
    /// The caller lacks a privilege in vCenter.
    FORBIDDEN(HttpStatus.FORBIDDEN, "Privilege missing",
            "Have the privilege granted in vCenter."),
    /// The thing is not in a state that allows this.
    INVALID_STATE(HttpStatus.CONFLICT, "Not possible in this state",
            "Look at the thing's state, and do what that state allows."),
    /// The Idempotency-Key was used for another request.
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency-Key used before",
            "Take a new key for each request."),
    /// The first request with the Idempotency-Key is not answered yet.
    IDEMPOTENCY_KEY_IN_USE(HttpStatus.CONFLICT, "Idempotency-Key in use", "Ask again in a moment."),
    /// The server was stopped while it worked on the request with the Idempotency-Key.
    IDEMPOTENCY_KEY_INTERRUPTED(HttpStatus.CONFLICT, "Request interrupted",
            "See what came of the request, then take a new key."),
    /// The thing was changed since the caller looked at it.
    PRECONDITION_FAILED(HttpStatus.PRECONDITION_FAILED, "Changed meanwhile",
            "Read it again, then decide whether to change it."),
    /// More is asked at the same time than the server allows.
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests",
            "Wait a moment, then try again."),
    /// The request itself is malformed.
    BAD_REQUEST(HttpStatus.BAD_REQUEST, "Request not valid",
            "Mend the request as the detail says."),
    /// Nothing has that path.
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found",
            "Check the path."),
    /// The path is there but takes other methods.
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed",
            "Use a method that the API describes."),
    /// The request's body is longer than any that makes sense.
    REQUEST_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Request too large",
            "Send less."),
    /// The request's body is not JSON.
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Media type not supported",
            "Send JSON, with the header Content-Type: application/json."),
    /// The answer cannot be had in a form that the caller accepts.
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Media type not available",
            "Accept application/json."),
    /// A fault of the server itself, or of what it stands on.
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Server error",
            "Try again; if it stays so, report it with the server's log.");

    private final HttpStatus status;
    private final String title;
    private final String remedy;

    ProblemType(HttpStatus status, String title, String remedy) {
        this.status = status;
        this.title = title;
        this.remedy = remedy;
    }

    /// The status of an answer that is this problem.
    public HttpStatus status() {
        return status;
    }

    /// What it is, in few words.
    public String title() {
        return title;
    }

    /// What to do about it, as a sentence.
    public String remedy() {
        return remedy;
    }

    /// `/problems/` and the name in kebab case.
    public URI uri() {
        return URI.create("/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
