-- That a machine is to be moved to another datastore, and how far that is; each step before it is taken. As JSON.
ALTER TABLE finalization ADD COLUMN move CHARACTER LARGE OBJECT;
