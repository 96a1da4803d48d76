package org.vmfinalize.vcenter.soap;

import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;
import static org.vmfinalize.vcenter.soap.vim.VimNamespace.SOAP;

import jakarta.xml.bind.JAXBException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.vmfinalize.vcenter.VCenterFault;

/// Reads an envelope: either the values that a method returned, or the fault.
///
/// The text is not to be trusted: document types and entities are refused, depth is bounded, and what is not known is
/// skipped. Its length is bounded by whoever fetched it.
final class Answer {

    private static final XMLInputFactory READERS = readers();

    private Answer() {}

    /// The `returnval` elements of the answer to `call`, none for a method without a result.
    ///
    /// @throws VCenterFault       if the answer is a fault
    /// @throws XMLStreamException if it is no such envelope
    static <T> List<T> read(byte[] envelope, Call call, Class<T> type) throws XMLStreamException {
        var in = READERS.createXMLStreamReader(new ByteArrayInputStream(envelope));
        try {
            toBodyContent(in);
            if (in.getNamespaceURI() != null && in.getNamespaceURI().equals(SOAP)
                    && in.getLocalName().equals("Fault")) {
                throw FaultReader.read(in, call);
            }
            if (!in.getLocalName().equals(call.method() + "Response")) {
                throw new XMLStreamException(
                        "the answer to %s is a <%s>".formatted(call.method(), in.getLocalName()));
            }
            return returned(in, type);
        } catch (JAXBException e) {
            throw new XMLStreamException("the answer to %s cannot be read".formatted(call.method()), e);
        } finally {
            in.close();
        }
    }

    /// A reader of a document that is not to be trusted.
    static XMLStreamReader reader(byte[] document) throws XMLStreamException {
        return READERS.createXMLStreamReader(new ByteArrayInputStream(document));
    }

    private static <T> List<T> returned(XMLStreamReader in, Class<T> type)
            throws XMLStreamException, JAXBException {
        var values = new ArrayList<T>();
        var unmarshaller = Binding.unmarshaller();
        in.nextTag();
        while (in.getEventType() == START_ELEMENT) {
            if (in.getLocalName().equals("returnval")) {
                values.add(unmarshaller.unmarshal(in, type).getValue());
            } else {
                skip(in);
            }
            // Both leave the reader behind the element's end, which may be white space.
            if (in.getEventType() != START_ELEMENT && in.getEventType() != END_ELEMENT) {
                in.nextTag();
            }
        }
        toEnd(in);
        return values;
    }

    /// Moves to the first element in the body. An envelope's header is skipped.
    private static void toBodyContent(XMLStreamReader in) throws XMLStreamException {
        in.nextTag();
        in.require(START_ELEMENT, SOAP, "Envelope");
        in.nextTag();
        while (!in.getLocalName().equals("Body")) {
            skip(in);
            if (in.getEventType() != START_ELEMENT) {
                in.nextTag();
            }
        }
        in.require(START_ELEMENT, SOAP, "Body");
        in.nextTag();
    }

    /// Skips an element: from its start to the event after its end.
    private static void skip(XMLStreamReader in) throws XMLStreamException {
        for (int depth = 1; depth > 0;) {
            switch (in.next()) {
                case START_ELEMENT -> depth++;
                case END_ELEMENT -> depth--;
                default -> {
                }
            }
        }
        in.next();
    }

    /// An answer that broke off after the value is not whole: what a method says counts when it has said all.
    private static void toEnd(XMLStreamReader in) throws XMLStreamException {
        while (in.hasNext()) {
            in.next();
        }
    }

    private static XMLInputFactory readers() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty("jdk.xml.maxElementDepth", "200");
        return factory;
    }
}
