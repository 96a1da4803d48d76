package org.vmfinalize.formats.xml;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An element of a document. Names are without prefix: the formats read here use a name for one thing only, and writers
/// disagree about prefixes and versions of namespaces.
///
/// @param text its own text, without the text of its children and without blanks around it
public record XmlElement(String name, Map<String, String> attributes, String text,
        List<XmlElement> children) {

    public XmlElement {
        attributes = Map.copyOf(attributes);
        children = List.copyOf(children);
    }

    /// The attribute's value, unless it is blank.
    public Optional<String> attribute(String attributeName) {
        return Optional.ofNullable(attributes.get(attributeName)).map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /// The children of that name, in order.
    public List<XmlElement> all(String childName) {
        return children.stream().filter(child -> child.name().equals(childName)).toList();
    }

    /// The first element that the names lead to, one level for each.
    public Optional<XmlElement> find(String... path) {
        Optional<XmlElement> found = Optional.of(this);
        for (var step : path) {
            found = found.flatMap(element -> element.all(step).stream().findFirst());
        }
        return found;
    }

    /// The text of the first element that the names lead to, unless it is blank.
    public Optional<String> textOf(String... path) {
        return find(path).map(XmlElement::text).filter(text -> !text.isEmpty());
    }
}
