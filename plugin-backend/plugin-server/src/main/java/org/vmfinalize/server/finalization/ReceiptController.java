package org.vmfinalize.server.finalization;

import java.io.IOException;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.receipt.Receipts;
import org.vmfinalize.server.receipt.Verifications;
import org.vmfinalize.server.session.Caller;

/// Gives the receipt of a finalization, and compares the disks with it.
@RestController
@RequestMapping("/api/v1/finalizations/{id}")
class ReceiptController {

    private final Finalizations finalizations;
    private final Receipts receipts;
    private final Verifications verifications;

    ReceiptController(Finalizations finalizations, Receipts receipts, Verifications verifications) {
        this.finalizations = finalizations;
        this.receipts = receipts;
        this.verifications = verifications;
    }

    /// The receipt, byte for byte as it was signed and stored.
    @GetMapping(path = "/receipt", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.NOT_FOUND, ProblemType.FORBIDDEN})
    ResponseEntity<byte[]> receipt(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id) throws IOException {
        var name = ContentDisposition.attachment()
                .filename("receipt-" + finalizations.find(caller, id).id() + ".json").build();
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
                .body(receipts.text(id).orElseThrow(Verifications::noReceipt));
    }

    /// Begins to read the disks again; answers at once.
    @PostMapping("/verification")
    @Idempotent
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.NOT_FOUND, ProblemType.INVALID_STATE,
            ProblemType.DATASTORE_NOT_FOUND, ProblemType.FORBIDDEN})
    ResponseEntity<Verifications.Verification> verify(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .body(verifications.start(finalizations.requireRight(caller, id).id()));
    }

    @GetMapping("/verification")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.NOT_FOUND, ProblemType.FORBIDDEN})
    Verifications.Verification verification(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id) {
        return verifications.find(finalizations.find(caller, id).id());
    }
}
