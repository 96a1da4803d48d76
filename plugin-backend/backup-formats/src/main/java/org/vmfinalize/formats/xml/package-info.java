/// XML documents of backups, read into memory within bounds.
///
/// Start at [XmlDocument]. It knows no format.
@NullMarked
package org.vmfinalize.formats.xml;

import org.jspecify.annotations.NullMarked;
