package org.vmfinalize.vcenter.soap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// A recorded exchange with a simulator of vCenter that nobody here wrote.
///
/// @param request  the envelope that was sent; empty if it was no SOAP
/// @param response the envelope that came back; empty if it was no SOAP
record Exchange(String file, String name, int status, Optional<Element> request, Optional<Element> response) {

    /// All recorded exchanges; none where they are not at hand.
    static List<Exchange> all() throws Exception {
        var folder = folder();
        var all = new ArrayList<Exchange>();
        if (folder.isPresent()) {
            try (var files = Files.newDirectoryStream(folder.get(), "*.xml")) {
                for (var file : files) {
                    all.addAll(read(file));
                }
            }
        }
        return all;
    }

    /// Beside the repository, whose root is the folder with the settings of Maven.
    private static Optional<Path> folder() {
        for (var root = Path.of("").toAbsolutePath(); root != null; root = root.getParent()) {
            if (Files.exists(root.resolve(".mvn/maven.config"))) {
                return Optional.of(root.resolve("../shared/reference/vcsim-transcripts").normalize())
                        .filter(Files::isDirectory);
            }
        }
        return Optional.empty();
    }

    private static List<Exchange> read(Path file) throws Exception {
        var document = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                .parse(file.toFile());
        return elements(document.getDocumentElement(), "exchange").map(element -> {
            var response = elements(element, "response").findFirst().orElseThrow();
            return new Exchange(String.valueOf(file.getFileName()), element.getAttribute("name"),
                    Integer.parseInt(response.getAttribute("status")),
                    elements(element, "request").findFirst().flatMap(Exchange::envelope), envelope(response));
        }).toList();
    }

    private static Stream<Element> elements(Element parent, String name) {
        var nodes = parent.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).map(Element.class::cast);
    }

    private static Optional<Element> envelope(Element message) {
        var envelopes = message.getElementsByTagNameNS("http://schemas.xmlsoap.org/soap/envelope/",
                "Envelope");
        return envelopes.getLength() == 0 ? Optional.empty() : Optional.of((Element) envelopes.item(0));
    }

    /// The method that was called.
    String method() {
        return content(request.orElseThrow()).getLocalName();
    }

    private static Element content(Element envelope) {
        var body = envelope.getElementsByTagNameNS("http://schemas.xmlsoap.org/soap/envelope/", "Body")
                .item(0);
        for (Node node = body.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                return element;
            }
        }
        throw new IllegalStateException("an empty envelope");
    }

    /// The answer as it came: on one line, without white space between elements, where `indented` says not otherwise.
    byte[] answer(boolean indented) throws Exception {
        return text(response.orElseThrow(), indented).getBytes(UTF_8);
    }

    /// The call inside of the request, in a form that can be compared.
    String call() throws Exception {
        return text(content(request.orElseThrow()), false);
    }

    static String text(Element element, boolean indented) throws Exception {
        var copy = (Element) element.cloneNode(true);
        if (!indented) {
            trim(copy);
        }
        var transformer = TransformerFactory.newDefaultInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        var out = new StringWriter();
        transformer.transform(new DOMSource(copy), new StreamResult(out));
        return out.toString();
    }

    private static void trim(Node node) {
        Node next;
        for (var child = node.getFirstChild(); child != null; child = next) {
            next = child.getNextSibling();
            if (child.getNodeType() == Node.TEXT_NODE && String.valueOf(child.getNodeValue()).isBlank()
                    && node.getChildNodes().getLength() > 1) {
                node.removeChild(child);
            } else {
                trim(child);
            }
        }
    }

    @Override
    public String toString() {
        return file + " " + name;
    }
}
