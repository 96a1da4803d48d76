/// vCenter's API as SOAP 1.1 over HTTPS: start at [SoapConnector].
///
/// Upwards: [SoapVCenter] says in API calls what [org.vmfinalize.vcenter.VCenter] promises; [Session] keeps the session
/// and decides what may be repeated; [Transport] carries one call over HTTP. The data types are in
/// [org.vmfinalize.vcenter.soap.vim].
@NullMarked
package org.vmfinalize.vcenter.soap;

import org.jspecify.annotations.NullMarked;
