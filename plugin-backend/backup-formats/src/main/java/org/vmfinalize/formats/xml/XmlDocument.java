package org.vmfinalize.formats.xml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.MissingResourceException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;

/// Reads a document that may come from anywhere: no document types, so no entities and nothing fetched, and bounds on
/// size, depth and number.
public final class XmlDocument {

    /// The largest descriptors of appliances that were seen have 1.5 MiB, mostly texts in many languages.
    public static final int MAX_BYTES = 4 << 20;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 100_000;

    private final String what;
    private final BackupFile file;
    private int nodes;

    private XmlDocument(String what, BackupFile file) {
        this.what = what;
        this.file = file;
    }

    /// The root of the document in `file`.
    ///
    /// @param what messages call the document, such as "OVF descriptor"
    /// @throws FormatException if it is no well-formed XML, has a document type, or is too large
    public static XmlElement read(String what, BackupFile file) throws IOException {
        return new XmlDocument(what, file).read();
    }

    /// The name of the document's root, as far as it can be told from the first bytes; empty if it is no XML.
    ///
    /// @param head the first bytes of a file, which may end within a character
    public static String rootName(byte[] head) {
        if (head.length == 0 || (head[0] != '<' && head[0] != (byte) 0xef && head[0] > ' ')) {
            return "";
        }
        try {
            // Names of elements are plain letters in all encodings but UTF-16, in which nobody writes descriptions.
            var reader = reader(
                    new String(head, StandardCharsets.ISO_8859_1).replaceFirst("^\u00ef\u00bb\u00bf", ""));
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    return reader.getLocalName();
                }
                if (event == XMLStreamConstants.DTD) {
                    return "";
                }
            }
            return "";
        } catch (XMLStreamException | MissingResourceException _) {
            return "";
        }
    }

    private static XMLStreamReader reader(String text) throws XMLStreamException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((_, _, _, _) -> new ByteArrayInputStream(new byte[0]));
        return factory.createXMLStreamReader(new StringReader(text));
    }

    private XmlElement read() throws IOException {
        if (file.size() > MAX_BYTES) {
            throw damaged("must have at most %d bytes but has %d".formatted(MAX_BYTES, file.size()));
        }
        var bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        try {
            var reader = reader(XmlText.of(bytes.array()));
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.DTD) {
                    throw damaged("must have no document type (DOCTYPE) but has one");
                }
            }
            XmlElement root = element(reader, 1);
            while (reader.hasNext()) {
                reader.next();
            }
            return root;
        } catch (CharacterCodingException e) {
            throw new FormatException(
                    "%s: %s: must be text in UTF-8, or in the encoding that it states, but is not"
                            .formatted(file.location(), what),
                    e);
        } catch (MissingResourceException e) {
            // Java's parser lacks the words for some of what it finds wrong.
            throw new FormatException("%s: %s: must be well-formed XML but is not: %s".formatted(
                    file.location(), what, e.getKey()), e);
        } catch (XMLStreamException e) {
            var at = e.getLocation();
            throw new FormatException("%s: %s: must be well-formed XML but is not, at line %d: %s".formatted(
                    file.location(), what, at == null ? 0 : at.getLineNumber(), oneLine(e)), e);
        }
    }

    private static String oneLine(XMLStreamException e) {
        String message = String.valueOf(e.getMessage());
        // The message begins with the place, on a line of its own.
        return message.substring(message.indexOf("Message: ") + 1).replaceAll("^essage: ", "")
                .replaceAll("\\p{Cntrl}", " ");
    }

    private XmlElement element(XMLStreamReader reader, int depth) throws XMLStreamException, FormatException {
        if (depth > MAX_DEPTH) {
            throw damaged("elements must be at most %d deep but are deeper".formatted(MAX_DEPTH));
        }
        String name = reader.getLocalName();
        Map<String, String> attributes = attributes(reader);
        var text = new StringBuilder();
        List<XmlElement> children = new ArrayList<>();
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> children.add(element(reader, depth + 1));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    return new XmlElement(name, attributes, text.toString().strip(), children);
                }
                default -> {
                    // Comments and instructions say nothing about a machine.
                }
            }
        }
    }

    private Map<String, String> attributes(XMLStreamReader reader) throws FormatException {
        nodes += 1 + reader.getAttributeCount();
        if (nodes > MAX_NODES) {
            throw damaged("must have at most %d elements and attributes but has more".formatted(MAX_NODES));
        }
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.putIfAbsent(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return attributes;
    }

    private FormatException damaged(String sentence) {
        return new FormatException("%s: %s: %s".formatted(file.location(), what, sentence));
    }
}
