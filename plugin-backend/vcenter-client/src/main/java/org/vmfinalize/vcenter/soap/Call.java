package org.vmfinalize.vcenter.soap;

import static org.vmfinalize.vcenter.soap.vim.VimNamespace.SOAP;
import static org.vmfinalize.vcenter.soap.vim.VimNamespace.VIM25;

import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.JAXBException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;

/// One call of a method of the API: its name, its object, and its parameters in the order of the WSDL, which is the
/// order in which they are given here.
final class Call {

    private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

    private final String method;
    private final MoRef self;
    private final List<JAXBElement<?>> parameters = new ArrayList<>();

    private Call(String method, MoRef self) {
        this.method = method;
        this.self = self;
        with("_this", self);
    }

    /// A call of `method` on the object `self`.
    static Call of(String method, MoRef self) {
        return new Call(method, self);
    }

    Call with(String name, String value) {
        return with(name, String.class, value);
    }

    Call with(String name, boolean value) {
        return with(name, Boolean.class, value);
    }

    Call with(String name, int value) {
        return with(name, Integer.class, value);
    }

    Call with(String name, MoRef value) {
        return with(name, ManagedObjectReference.class, ManagedObjectReference.of(value));
    }

    /// Adds a parameter of the type `declared` in the WSDL. A value of a subtype is marked with `xsi:type`.
    <T> Call with(String name, Class<T> declared, T value) {
        parameters.add(new JAXBElement<>(new QName(VIM25, name), declared, value));
        return this;
    }

    String method() {
        return method;
    }

    /// The envelope in UTF-8.
    byte[] envelope() {
        var bytes = new ByteArrayOutputStream(1024);
        try {
            var out = WRITERS.createXMLStreamWriter(bytes, "UTF-8");
            out.writeStartDocument("UTF-8", "1.0");
            out.writeStartElement("soapenv", "Envelope", SOAP);
            out.writeNamespace("soapenv", SOAP);
            out.writeNamespace("xsd", XMLConstants.W3C_XML_SCHEMA_NS_URI);
            out.writeNamespace("xsi", XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI);
            out.writeStartElement("soapenv", "Body", SOAP);
            writeMethod(out);
            out.writeEndDocument();
            out.close();
        } catch (XMLStreamException | JAXBException e) {
            throw new IllegalStateException(this + ": cannot be written as XML", e);
        }
        return bytes.toByteArray();
    }

    private void writeMethod(XMLStreamWriter out) throws XMLStreamException, JAXBException {
        out.setDefaultNamespace(VIM25);
        out.writeStartElement(VIM25, method);
        out.writeDefaultNamespace(VIM25);
        var marshaller = Binding.marshaller();
        for (var parameter : parameters) {
            marshaller.marshal(parameter, out);
        }
        out.writeEndElement();
    }

    /// What is called on what, without parameters: those may be secret.
    @Override
    public String toString() {
        return method + " " + self.value();
    }
}
