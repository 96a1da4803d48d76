package org.vmfinalize.lab.vcenter;

import static javax.xml.XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI;
import static javax.xml.XMLConstants.W3C_XML_SCHEMA_NS_URI;

import java.io.ByteArrayOutputStream;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.vmfinalize.lab.vcenter.Value.Any;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.lab.vcenter.Value.Scalar;

/// Writes answers: one envelope, without white space between elements, as a vCenter does.
final class SoapText {

    static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    static final String VIM = "urn:vim25";

    private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final XMLStreamWriter out;

    private SoapText() throws XMLStreamException {
        out = WRITERS.createXMLStreamWriter(bytes, "UTF-8");
        out.writeStartDocument("UTF-8", "1.0");
        out.writeStartElement("soapenv", "Envelope", SOAP);
        out.writeNamespace("soapenv", SOAP);
        out.writeNamespace("xsd", W3C_XML_SCHEMA_NS_URI);
        out.writeNamespace("xsi", W3C_XML_SCHEMA_INSTANCE_NS_URI);
        out.writeStartElement("soapenv", "Body", SOAP);
    }

    /// The answer of a method.
    static byte[] answer(String method, List<? extends Value> returned) {
        try {
            var text = new SoapText();
            text.open(method + "Response");
            for (var value : returned) {
                text.write("returnval", value, false);
            }
            return text.finish();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(method + ": its answer cannot be written", e);
        }
    }

    /// A SOAP fault.
    static byte[] fault(LabFault fault) {
        try {
            var text = new SoapText();
            text.out.writeStartElement("soapenv", "Fault", SOAP);
            text.plain("faultcode", "ServerFaultCode");
            text.plain("faultstring", fault.text());
            text.out.writeStartElement("detail");
            text.open(fault.fault().type() + "Fault");
            text.mark(fault.fault().type());
            text.fields(fault.fault());
            return text.finish();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(fault.fault().type() + ": the fault cannot be written", e);
        }
    }

    private void open(String name) throws XMLStreamException {
        out.setDefaultNamespace(VIM);
        out.writeStartElement(VIM, name);
        out.writeDefaultNamespace(VIM);
    }

    private byte[] finish() throws XMLStreamException {
        out.writeEndDocument();
        out.close();
        return bytes.toByteArray();
    }

    private void plain(String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(text);
        out.writeEndElement();
    }

    private void mark(String type) throws XMLStreamException {
        out.writeAttribute("xsi", W3C_XML_SCHEMA_INSTANCE_NS_URI, "type", type);
    }

    private void write(String name, Value value, boolean any) throws XMLStreamException {
        if (value instanceof Any declaredAnything) {
            write(name, declaredAnything.value(), true);
            return;
        }
        out.writeStartElement(VIM, name);
        switch (value) {
            case Scalar scalar -> {
                if (any) {
                    mark(scalar.type());
                }
                out.writeCharacters(scalar.text());
            }
            case Ref ref -> {
                out.writeAttribute("type", ref.type());
                if (any) {
                    mark("ManagedObjectReference");
                }
                out.writeCharacters(ref.id());
            }
            case Data data -> {
                if (any || data.marked()) {
                    mark(data.type());
                }
                fields(data);
            }
            case Many many -> {
                // An array of `string` is an ArrayOfString.
                mark("ArrayOf" + Character.toUpperCase(many.itemType().charAt(0))
                        + many.itemType().substring(1));
                for (var item : many.items()) {
                    write(many.itemType(), item, false);
                }
            }
            case Any _ -> throw new IllegalStateException("anything inside of anything");
        }
        out.writeEndElement();
    }

    private void fields(Data data) throws XMLStreamException {
        for (var field : data.fields().entrySet()) {
            if (field.getValue() instanceof Many many) {
                for (var item : many.items()) {
                    write(field.getKey(), item, false);
                }
            } else {
                write(field.getKey(), field.getValue(), false);
            }
        }
    }
}
