package org.vmfinalize.vcenter.soap;

import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.vmfinalize.vcenter.soap.vim.VimNamespace;

/// Which version of the API to speak: one that both sides know.
///
/// A server shows a client only what the client's version has, and an older server refuses a newer version.
final class ApiVersion {

    /// Where a server lists its versions.
    static final String DOCUMENT = "/sdk/vimServiceVersions.xml";

    /// What this client was written for, the newest first. Nothing that we send needs more than the last one.
    static final List<String> KNOWN = List.of("8.0.2.0", "8.0.1.0", "7.0.3.0");

    private ApiVersion() {}

    /// The newest version that both know; if the server lists none of ours, the newest of ours that is older than the
    /// server's own. Empty if the server is older than all of ours.
    static Optional<String> choose(List<String> offered) {
        return KNOWN.stream().filter(offered::contains).findFirst()
                .or(() -> offered.stream().findFirst()
                        .flatMap(own -> KNOWN.stream().filter(known -> compare(known, own) < 0).findFirst()));
    }

    /// The versions that a server lists, its own first.
    static List<String> offered(byte[] document) throws XMLStreamException {
        var versions = new ArrayList<String>();
        var in = Answer.reader(document);
        boolean ours = false;
        while (in.hasNext()) {
            if (in.next() != START_ELEMENT) {
                continue;
            }
            switch (in.getLocalName()) {
                case "name" -> ours = in.getElementText().strip().equals(VimNamespace.VIM25);
                case "version" -> {
                    String version = in.getElementText().strip();
                    if (ours) {
                        versions.add(version);
                    }
                }
                default -> {
                }
            }
        }
        return versions;
    }

    private static int compare(String one, String other) {
        return Arrays.compare(numbers(one), numbers(other));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.", -1)).mapToInt(ApiVersion::number).toArray();
    }

    private static int number(String part) {
        return part.matches("\\d{1,6}") ? Integer.parseInt(part) : 0;
    }
}
