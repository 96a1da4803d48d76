-- How far an instant VM is: LAYING_DISKS, CREATING_VM, STARTING, RUNNING, and ABANDONED for one that is being undone.
-- Each step is written down before it is taken, so that after a crash it is known what may be there.
ALTER TABLE instant_vm ADD COLUMN step VARCHAR(16) DEFAULT 'RUNNING' NOT NULL;
ALTER TABLE instant_vm ADD COLUMN power_on BOOLEAN DEFAULT TRUE NOT NULL;
-- Where the backup is; null in rows of older versions.
ALTER TABLE instant_vm ADD COLUMN backup VARCHAR(4096);
UPDATE instant_vm SET step = 'CREATING_VM' WHERE vm_id IS NULL;

-- The machines that are, or were, discarded. kept_files are paths, one a line.
CREATE TABLE discard (
    id            VARCHAR(36)  PRIMARY KEY,
    vm_id         VARCHAR(80)  NOT NULL,
    vm_name       VARCHAR(255) NOT NULL,
    datastore     VARCHAR(255) NOT NULL,
    folder        VARCHAR(255) NOT NULL,
    keep_changes  VARCHAR(512),
    guest_written BIGINT       NOT NULL,
    kept_files    CHARACTER LARGE OBJECT,
    initiator     VARCHAR(256) NOT NULL,
    started_at    TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    ended_at      TIMESTAMP(3) WITH TIME ZONE
);
