package org.vmfinalize.vcenter.soap;

import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import jakarta.xml.bind.JAXBException;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Tasks;
import org.w3c.dom.Element;

/// Makes a [VCenterFault] of what vCenter sends: a SOAP fault, or a fault inside of a task.
final class FaultReader {

    /// The properties by which faults name what they are about, the most telling first.
    private static final List<String> DETAILS = List.of("privilegeId", "invalidProperty", "name", "file",
            "obj",
            "existingState", "method", "object");

    private static final int MAX_TEXT = 2000;

    private FaultReader() {}

    /// Reads a SOAP fault; `in` is at its start.
    static VCenterFault read(XMLStreamReader in, Call call) throws XMLStreamException, JAXBException {
        String text = "";
        String code = "";
        String type = "";
        String detail = "";
        while (in.next() != END_ELEMENT || !in.getLocalName().equals("Fault")) {
            if (in.getEventType() != START_ELEMENT) {
                continue;
            }
            if (in.getLocalName().equals("faultcode")) {
                code = in.getElementText().strip();
            } else if (in.getLocalName().equals("faultstring")) {
                text = in.getElementText();
            } else if (in.getLocalName().equals("detail") && in.nextTag() == START_ELEMENT) {
                String name = in.getLocalName();
                var fault = Binding.unmarshaller().unmarshal(in, Object.class).getValue();
                type = typeOf(fault, name);
                detail = detailOf(fault);
                text = text.isBlank() ? messageOf(fault) : text;
                break;
            }
        }
        // Without a detail only the code tells something: ClientFaultCode, VersionMismatchFaultCode.
        return new VCenterFault(call.toString(), type.isEmpty() ? code : type, bounded(text),
                bounded(detail));
    }

    /// The fault by which `what` ended.
    static VCenterFault of(Tasks.@Nullable LocalizedMethodFault fault, String what) {
        if (fault == null) {
            return new VCenterFault(what, "", "the task ended with an error that it does not name", "");
        }
        String text = fault.localizedMessage;
        return new VCenterFault(what, typeOf(fault.fault, ""),
                bounded(text == null || text.isBlank() ? messageOf(fault.fault) : text),
                bounded(detailOf(fault.fault)));
    }

    /// The fault's type: what `xsi:type` says, whatever prefix it has; else the element's name without "Fault".
    static String typeOf(@Nullable Object fault, String elementName) {
        if (fault instanceof Tasks.MethodFault known) {
            return known.getClass().getSimpleName();
        }
        if (fault instanceof Element element) {
            String type = element.getAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "type");
            if (!type.isEmpty()) {
                return type.substring(type.indexOf(':') + 1);
            }
        }
        return elementName.endsWith("Fault")
                ? elementName.substring(0, elementName.length() - 5)
                : elementName;
    }

    private static String detailOf(@Nullable Object fault) {
        if (fault instanceof Element element) {
            for (String name : DETAILS) {
                String text = child(element, name);
                if (!text.isEmpty()) {
                    return text;
                }
            }
        }
        return "";
    }

    private static String messageOf(@Nullable Object fault) {
        if (fault instanceof Element element) {
            var messages = element.getElementsByTagNameNS("*", "message");
            return messages.getLength() == 0 ? "" : messages.item(0).getTextContent();
        }
        if (fault instanceof Tasks.MethodFault known && !known.faultMessage.isEmpty()) {
            String message = known.faultMessage.getFirst().message;
            return message == null ? "" : message;
        }
        return "";
    }

    private static String child(Element element, String name) {
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && name.equals(child.getLocalName())) {
                return child.getTextContent().strip();
            }
        }
        return "";
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
