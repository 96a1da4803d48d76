-- Whether the disks are read back and proven before they are sealed.
ALTER TABLE finalization ADD COLUMN verify BOOLEAN DEFAULT FALSE NOT NULL;
