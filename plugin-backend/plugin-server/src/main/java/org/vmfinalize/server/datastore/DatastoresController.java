package org.vmfinalize.server.datastore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;

/// Shows the datastores of this server.
@RestController
@RequestMapping("/api/v1/datastores")
class DatastoresController {

    private final Datastores datastores;

    DatastoresController(Datastores datastores) {
        this.datastores = datastores;
    }

    /// In the order of the settings, if no other one is asked for.
    ///
    /// @param name a part of the name, in any case
    @GetMapping
    ResponseEntity<Page<DatastoreView>> list(@RequestParam(required = false) @Nullable String name,
            PageRequest page) {
        var part = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        var all = datastores.all().stream().map(this::view).toList();
        var sorting = Sorting.<DatastoreView>by(DatastoreView::name, "order")
                .number("order", view -> (long) all.indexOf(view)).text("name", DatastoreView::name)
                .number("freeBytes", DatastoreView::freeBytes)
                .number("capacityBytes", DatastoreView::capacityBytes);
        return sorting.page(all.stream()
                .filter(view -> view.name().toLowerCase(Locale.ROOT).contains(part)).toList(), page)
                .answer();
    }

    @GetMapping("/{name}")
    @Refuses(ProblemType.DATASTORE_NOT_FOUND)
    DatastoreView find(@PathVariable String name) {
        return view(datastores.require(name));
    }

    DatastoreView view(Datastore datastore) {
        try {
            var store = Files.getFileStore(datastore.directory());
            return new DatastoreView(datastore.name(), datastores.exportPath(datastore),
                    store.getTotalSpace(),
                    store.getUsableSpace(), datastore.liveDisks().size(),
                    datastore.refused().stream()
                            .map(disks -> new RefusedView(disks.vmFolder().orElse(null), disks.reason()))
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
    /// @param vmFolder its folder in the datastore; null if even that is not known
    /// @param reason what is wrong and what to do
    record RefusedView(@Nullable String vmFolder, String reason) {}
}
