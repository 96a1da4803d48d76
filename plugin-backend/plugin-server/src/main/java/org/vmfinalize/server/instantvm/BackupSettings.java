package org.vmfinalize.server.instantvm;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where backups may be taken from.
///
/// @param backupDirectories folders that hold backups. With none, every file that the server can read may be named by
///        those who have the privilege to run machines from backups, but for the server's own
/// @param dataDirectory the server's own data, which are never a backup
@ConfigurationProperties("vmfinalize")
record BackupSettings(@DefaultValue List<Path> backupDirectories, Path dataDirectory) {}
