/// Machines of libvirt: the description of a domain in XML, with the images of its disks beside it.
///
/// Start at [LibvirtFormat]. Elements and attributes are those of libvirt's "Domain XML format".
@NullMarked
package org.vmfinalize.formats.libvirt;

import org.jspecify.annotations.NullMarked;
