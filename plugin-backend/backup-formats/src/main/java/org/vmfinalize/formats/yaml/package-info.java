/// Machines that are described in a few lines of YAML: for images that no other format tells the machine of.
///
/// Start at [YamlFormat]; [YamlDescription] says what may be in the file.
@NullMarked
package org.vmfinalize.formats.yaml;

import org.jspecify.annotations.NullMarked;
