package org.vmfinalize.server.backup;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Sights;

/// Lists the restore points that a VM can be run from, and has their checksums compared. Answers from memory.
@RestController
@RequestMapping("/api/v1/backups")
class BackupsController {

    private static final Sorting<RestorePoint> SORTING = Sorting.<RestorePoint>by(RestorePoint::id, "vmName")
            .text("vmName", BackupsController::newestFirst)
            .time("takenAt", point -> point.takenAt().orElse(null)).text("place", RestorePoint::place)
            .text("format", RestorePoint::format);

    private final BackupCatalog catalog;
    private final InstantVms instantVms;
    private final ChecksumChecks checksums;
    private final Sights sights;

    BackupsController(BackupCatalog catalog, InstantVms instantVms, ChecksumChecks checksums, Sights sights) {
        this.sights = sights;
        this.catalog = catalog;
        this.instantVms = instantVms;
        this.checksums = checksums;
    }

    /// A part of the list.
    ///
    /// @param total how many there are that the filters let through
    /// @param next the `cursor` of the part that follows; none: this is the last
    /// @param refreshedAt when the places were looked through last; null: not yet
    /// @param troubles places and files that could not be looked at
    record BackupsPage(List<RestorePointView> items, int total, @Nullable String next, int offset, int limit,
            @Nullable Instant refreshedAt, List<String> troubles) {}

    /// By name and the newest of each first, if no other order is asked for.
    ///
    /// @param vm a part of the machine's name, in any case
    /// @param place the name of a place
    /// @param format the name of a format
    /// @param offset how many to leave out, instead of a cursor
    @GetMapping
    @Refuses(ProblemType.FORBIDDEN)
    ResponseEntity<BackupsPage> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestParam(required = false) @Nullable String vm,
            @RequestParam(required = false) @Nullable String place,
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(defaultValue = "0") int offset, @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String sort) {
        if (offset < 0 || limit < 1 || limit > PageRequest.MAX_LIMIT) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "page: offset must be 0 or more and limit 1 to %d but were %d and %d"
                            .formatted(PageRequest.MAX_LIMIT, offset, limit));
        }
        RunRight.require(caller);
        var snapshot = catalog.snapshot();
        var wanted = filtered(snapshot.points().stream(), vm, place)
                .filter(point -> format == null || point.format().equals(format)).toList();
        var running = holders(caller);
        var page = SORTING.page(wanted, new PageRequest(limit, cursor, sort), offset);
        var answer = ResponseEntity.ok();
        Page.link(page.next()).ifPresent(link -> answer.header(HttpHeaders.LINK, link));
        return answer.body(new BackupsPage(
                page.items().stream().map(point -> RestorePointView.of(point, running)).toList(),
                page.total(), page.next(), offset, limit, snapshot.refreshedAt(), snapshot.troubles()));
    }

    private static Stream<RestorePoint> filtered(Stream<RestorePoint> points, @Nullable String vm,
            @Nullable String place) {
        var part = vm == null ? "" : vm.strip().toLowerCase(Locale.ROOT);
        return points.filter(point -> point.vmName().toLowerCase(Locale.ROOT).contains(part))
                .filter(point -> place == null || point.place().equals(place));
    }

    /// The later, the smaller: so the newest of each name comes first.
    private static String newestFirst(RestorePoint point) {
        return "%s\1%016x".formatted(point.vmName(),
                Long.MAX_VALUE - point.takenAt().orElse(Instant.EPOCH).toEpochMilli());
    }

    @GetMapping("/{id}")
    @Refuses({ProblemType.RESTORE_POINT_NOT_FOUND, ProblemType.FORBIDDEN})
    RestorePointView find(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        return RestorePointView.of(point(caller, id), holders(caller));
    }

    /// The machines that run from backups, as far as the caller may know of them.
    private List<InstantVm> holders(Caller caller) {
        var sight = sights.of(caller);
        return instantVms.all().stream().filter(vm -> sight.covers(vm.vmId(), vm.createdBy())).toList();
    }

    /// Begins to compare the backup's files with the checksums that were stored with them, and answers at once.
    @PostMapping("/{id}/checksums")
    @Idempotent
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({ProblemType.RESTORE_POINT_NOT_FOUND, ProblemType.FORBIDDEN})
    ChecksumChecks.Check compareChecksums(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id) {
        return checksums.start(point(caller, id));
    }

    @GetMapping("/{id}/checksums")
    @Refuses({ProblemType.RESTORE_POINT_NOT_FOUND, ProblemType.NOT_FOUND, ProblemType.FORBIDDEN})
    ChecksumChecks.Check checksums(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id) {
        return checksums.find(point(caller, id));
    }

    private RestorePoint point(Caller caller, String id) {
        RunRight.require(caller);
        var point = catalog.snapshot().byId().get(id);
        if (point == null) {
            throw new Problem(ProblemType.RESTORE_POINT_NOT_FOUND,
                    "restore point '%s': there is none; see the list of all"
                            .formatted(id.length() > 40 ? id.substring(0, 40) : id));
        }
        return point;
    }
}
