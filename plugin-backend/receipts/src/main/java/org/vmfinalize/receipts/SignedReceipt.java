package org.vmfinalize.receipts;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A receipt and its signature, as one JSON object.
///
/// What is signed is the object without its member `signature`, in the canonical form of RFC 8785.
///
/// @param receipt what it says
/// @param signer whose signature it bears, and whose it is by its own word
public record SignedReceipt(Receipt receipt, PublicKey signer) {

    private static final String SIGNATURE = "signature";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The text of a receipt that is signed with `key`.
    public static byte[] sign(Receipt receipt, KeyPair key) {
        ObjectNode object = JSON.valueToTree(receipt);
        byte[] signature = Ed25519.sign(key.getPrivate(), canonical(object));
        object.putObject(SIGNATURE)
                .put("algorithm", Ed25519.NAME)
                .put("publicKey", Base64.getEncoder().encodeToString(key.getPublic().getEncoded()))
                .put("value", Base64.getEncoder().encodeToString(signature));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object);
    }

    /// Reads a receipt and believes nothing of it.
    ///
    /// @param name of its file, for the errors
    /// @throws IOException if it is none, is damaged or was changed
    public static SignedReceipt read(String name, byte[] text) throws IOException {
        try {
            if (!(JSON.readTree(text) instanceof ObjectNode object)
                    || !Receipt.FORMAT.equals(object.path("format").asString(""))) {
                throw new IOException("%s: must be a receipt of vm-finalize but is none".formatted(name));
            }
            int version = object.path("version").asInt(0);
            if (version != Receipt.VERSION) {
                throw new IOException(
                        "%s: receipt: version must be %d but was %d; use the vm-finalize that wrote it"
                                .formatted(name, Receipt.VERSION, version));
            }
            var signature = object.remove(SIGNATURE);
            if (signature == null || !Ed25519.NAME.equals(signature.path("algorithm").asString(""))) {
                throw new IOException("%s: receipt: must have a signature by %s but has none"
                        .formatted(name, Ed25519.NAME));
            }
            var signer = Ed25519.publicKey(bytes(signature, "publicKey"));
            if (!Ed25519.isSignedBy(signer, canonical(object), bytes(signature, "value"))) {
                throw changed(name, null);
            }
            return new SignedReceipt(JSON.treeToValue(object, Receipt.class), signer);
        } catch (JacksonException | IllegalArgumentException | GeneralSecurityException e) {
            throw changed(name, e);
        }
    }

    private static IOException changed(String name, @Nullable Throwable cause) {
        return new IOException(
                "%s: receipt: its signature must be right but is wrong; it was changed or damaged"
                        .formatted(name),
                cause);
    }

    private static byte[] bytes(JsonNode object, String field) {
        return Base64.getDecoder().decode(object.path(field).asString(""));
    }

    private static byte[] canonical(ObjectNode object) {
        try {
            return new JsonCanonicalizer(JSON.writeValueAsBytes(object)).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalArgumentException("what Jackson writes must be JSON", e);
        }
    }
}
