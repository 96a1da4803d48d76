-- Whose machines' backups were, or were about to be, called unreachable in vCenter, so that it is taken back whenever the
-- server was restarted meanwhile.
ALTER TABLE instant_vm ADD COLUMN backup_unreachable BOOLEAN DEFAULT FALSE NOT NULL;
