package org.vmfinalize.server.finalization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Lists the receipts that this server has made.
@RestController
class ReceiptsController {

    private final Finalizations finalizations;

    ReceiptsController(Finalizations finalizations) {
        this.finalizations = finalizations;
    }

    /// A receipt, in few words.
    ///
    /// @param finalization the id of that which it is of
    /// @param href where the receipt itself is, relative to the server
    record ReceiptLine(String finalization, FinalizationView.Vm vm, String datastore, String initiator,
            @Nullable Instant endedAt, String href) {}

    /// The newest first, if no other order is asked for; filtered and sorted as finalizations.
    @GetMapping("/api/v1/receipts")
    @Refuses(ProblemType.FORBIDDEN)
    ResponseEntity<Page<ReceiptLine>> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            FinalizationFilter filter, PageRequest page) {
        return finalizations.receipts(caller, filter, page).answer();
    }
}
