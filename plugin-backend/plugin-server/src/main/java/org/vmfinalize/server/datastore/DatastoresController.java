package org.vmfinalize.server.datastore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.RefusedDisks;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Sights;

/// Shows the datastores of this server.
@RestController
@RequestMapping("/api/v1/datastores")
class DatastoresController {

    private static final String HIDDEN = "what is stored about the disks of a machine is damaged; whoever may see the machine is told which one";

    private final Datastores datastores;
    private final FolderOwners owners;
    private final Sights sights;

    DatastoresController(Datastores datastores, FolderOwners owners, Sights sights) {
        this.datastores = datastores;
        this.owners = owners;
        this.sights = sights;
    }

    /// In the order of the settings, if no other one is asked for.
    ///
    /// @param name a part of the name, in any case
    @GetMapping
    ResponseEntity<Page<DatastoreView>> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestParam(required = false) @Nullable String name,
            PageRequest page) {
        var part = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        var all = datastores.all().stream().map(one -> view(one, caller)).toList();
        var sorting = Sorting.<DatastoreView>by(DatastoreView::name, "order")
                .number("order", view -> (long) all.indexOf(view)).text("name", DatastoreView::name)
                .number("freeBytes", DatastoreView::freeBytes)
                .number("capacityBytes", DatastoreView::capacityBytes);
        return sorting.page(all.stream()
                .filter(view -> view.name().toLowerCase(Locale.ROOT).contains(part)).toList(), page)
                .answer();
    }

    @GetMapping("/{name}")
    @Refuses(ProblemType.NOT_FOUND)
    DatastoreView find(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String name) {
        return datastores.find(name).map(one -> view(one, caller))
                .orElseThrow(() -> new Problem(ProblemType.NOT_FOUND,
                        "datastore '%s': there is none; see the list of all"
                                .formatted(name.length() > 80 ? name.substring(0, 80) : name)));
    }

    private DatastoreView view(Datastore datastore, Caller caller) {
        var sight = sights.of(caller);
        return view(datastore, disks -> disks.vmFolder()
                .flatMap(folder -> owners.of(datastore.name(), folder))
                .map(owner -> sight.covers(owner.vmId(), owner.initiator()))
                // Of a machine that nobody knows only those are told who may know all.
                .orElseGet(() -> sight.covers("", "")));
    }

    /// As everybody may see it.
    DatastoreView view(Datastore datastore) {
        return view(datastore, _ -> false);
    }

    private static RefusedView view(RefusedDisks disks, boolean visible) {
        return visible
                ? new RefusedView(disks.vmFolder().orElse(null), disks.reason())
                : new RefusedView(null, HIDDEN);
    }

    private DatastoreView view(Datastore datastore, Predicate<RefusedDisks> visible) {
        try {
            var store = Files.getFileStore(datastore.directory());
            return new DatastoreView(datastore.name(), datastores.exportPath(datastore),
                    store.getTotalSpace(),
                    store.getUsableSpace(), datastore.liveDisks().size(),
                    datastore.refused().stream()
                            .map(disks -> view(disks, visible.test(disks)))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A datastore as the API shows it.
    ///
    /// @param export the path that hosts mount
    /// @param capacityBytes of the file system that it lies on
    /// @param freeBytes what of that can still be used
    /// @param liveDisks how many of its disks are partly still in a backup
    /// @param refused the instant VMs whose disks are not served
    record DatastoreView(String name, String export, long capacityBytes, long freeBytes, int liveDisks,
            List<RefusedView> refused) {}

    /// An instant VM whose disks are not served, because what is stored about them is damaged.
    ///
    /// @param vmFolder its folder in the datastore; null if even that is not known, or not for the caller
    /// @param reason what is wrong and what to do
    record RefusedView(@Nullable String vmFolder, String reason) {}
}
