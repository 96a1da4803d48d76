-- The datastore that has a machine's home and its changes, if it is none of ours: ours then only serves the parents of its disks.
ALTER TABLE instant_vm ADD COLUMN changes_id VARCHAR(80);
ALTER TABLE instant_vm ADD COLUMN changes_name VARCHAR(255);
-- How far it is that vCenter makes such a machine's disks independent; each step before it is taken. As JSON.
ALTER TABLE finalization ADD COLUMN promotion CHARACTER LARGE OBJECT;
