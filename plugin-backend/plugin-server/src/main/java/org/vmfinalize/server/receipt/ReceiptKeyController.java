package org.vmfinalize.server.receipt;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.session.WithoutSession;

/// Publishes what receipts are checked with.
@RestController
class ReceiptKeyController {

    private final Receipts receipts;

    ReceiptKeyController(Receipts receipts) {
        this.receipts = receipts;
    }

    /// The public key in PEM.
    @WithoutSession
    @GetMapping(path = "/api/v1/receipt-key", produces = MediaType.TEXT_PLAIN_VALUE)
    String key() {
        return receipts.publicKey();
    }
}
