/// The Spring Boot application: REST API, the endpoints of the vSphere Client's plugin, jobs.
///
/// Start at [PluginServer]. Each feature has its package; this one holds what is said once, the settings and the start.
@NullMarked
package org.vmfinalize.server;

import org.jspecify.annotations.NullMarked;
