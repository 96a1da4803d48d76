package org.vmfinalize.server.instantvm;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where backups may be taken from.
///
/// @param backupDirectories absolute folders that hold backups. With none, no machine can be run from a backup: else
///        whoever may run machines could read every file that the server can
/// @param dataDirectory the server's own data, which are never a backup
@ConfigurationProperties("vmfinalize")
record BackupSettings(@DefaultValue List<Path> backupDirectories, Path dataDirectory) {}
