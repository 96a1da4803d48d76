package org.vmfinalize.vcenter.soap.vim;

/// The names of the namespaces on the wire.
public final class VimNamespace {

    /// The namespace of every element of the API, in all its versions.
    public static final String VIM25 = "urn:vim25";

    /// SOAP 1.1.
    public static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

    private VimNamespace() {}
}
