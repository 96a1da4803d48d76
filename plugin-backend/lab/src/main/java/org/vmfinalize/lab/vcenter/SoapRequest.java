package org.vmfinalize.lab.vcenter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/// A request: the method, its object and its parameters.
///
/// Read strictly where the simulators are lenient: the namespace, the order of elements and their names must be those of
/// the WSDL.
record SoapRequest(String method, Ref self, Data parameters) {

    /// @throws LabFault if it is no such request
    static SoapRequest read(byte[] body) {
        var call = onlyChild(onlyChild(parse(body), SoapText.SOAP, "Body"), SoapText.VIM, "");
        ElementOrder.check(call);
        var parameters = data(call);
        if (!(parameters.get("_this") instanceof Ref self)) {
            throw LabFault.invalidRequest("the object of the call is missing: _this");
        }
        return new SoapRequest(call.getLocalName(), self, parameters);
    }

    String text(String name) {
        if (parameters.get(name) == null) {
            throw LabFault.invalidRequest("%s: the parameter %s is missing".formatted(method, name));
        }
        return parameters.text(name);
    }

    Ref ref(String name) {
        return optionalRef(name).orElseThrow(() -> LabFault.invalidRequest(
                "%s: the parameter %s is missing or no reference".formatted(method, name)));
    }

    Optional<Ref> optionalRef(String name) {
        return parameters.get(name) instanceof Ref ref ? Optional.of(ref) : Optional.empty();
    }

    Data data(String name) {
        if (parameters.get(name) instanceof Data data) {
            return data;
        }
        throw LabFault.invalidRequest("%s: the parameter %s is missing".formatted(method, name));
    }

    private static Element parse(byte[] body) {
        try {
            var factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new ByteArrayInputStream(body)).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw LabFault.invalidRequest("the request is no XML: " + e.getMessage());
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java's XML parser cannot be made safe", e);
        }
    }

    /// Throws, and prints nothing.
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) throws SAXParseException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXParseException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXParseException {
            throw e;
        }
    }

    private static Element onlyChild(Element parent, String namespace, String name) {
        for (var child : children(parent)) {
            if (namespace.equals(child.getNamespaceURI())
                    && (name.isEmpty() || name.equals(child.getLocalName()))) {
                return child;
            }
        }
        throw LabFault
                .invalidRequest("<%s> must contain an element %s of %s".formatted(parent.getLocalName(), name,
                        namespace));
    }

    static List<Element> children(Node parent) {
        var children = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    /// What `xsi:type` says, whatever its prefixes; empty if it is not there.
    static String xsiType(Element element) {
        String type = element.getAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "type");
        return type.substring(type.indexOf(':') + 1);
    }

    private static Data data(Element element) {
        var fields = new LinkedHashMap<String, Value>();
        for (var child : children(element)) {
            fields.merge(child.getLocalName(), value(child), SoapRequest::both);
        }
        String type = xsiType(element);
        return new Data(type, !type.isEmpty(), Collections.unmodifiableMap(fields));
    }

    private static Value both(Value first, Value second) {
        var items = new ArrayList<>(first instanceof Many many ? many.items() : List.of(first));
        items.add(second);
        return new Many("", List.copyOf(items));
    }

    private static Value value(Element element) {
        if (element.hasAttribute("type")) {
            return new Ref(element.getAttribute("type"), element.getTextContent().strip());
        }
        if (!children(element).isEmpty()) {
            return data(element);
        }
        // An empty element of a type is an object without properties; one without is an empty text.
        String type = xsiType(element);
        return !type.isEmpty() && Character.isUpperCase(type.charAt(0)) && element.getTextContent().isBlank()
                ? new Data(type, true, Map.of())
                : Value.text(element.getTextContent());
    }
}
