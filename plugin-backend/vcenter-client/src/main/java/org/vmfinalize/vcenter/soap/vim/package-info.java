/// The VIM API's data types that we use, as JAXB classes: each field is a property of the API's reference, in the order
/// of its WSDL, and only what we send or read is there.
///
/// A class stands for what is on the wire, not for what is true: whatever a server sent is in the fields, what it left
/// out, or sent in a form that nobody understands, is null. So whoever reads checks.
///
/// No class is abstract: a subtype that is not known here is read as its declared type, which must be one that can be made.
@XmlSchema(namespace = VimNamespace.VIM25, elementFormDefault = XmlNsForm.QUALIFIED)
@XmlAccessorType(XmlAccessType.FIELD)
@NullMarked
package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlNsForm;
import jakarta.xml.bind.annotation.XmlSchema;
import org.jspecify.annotations.NullMarked;
