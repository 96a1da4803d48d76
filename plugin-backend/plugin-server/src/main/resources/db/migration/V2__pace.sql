-- How fast a job may be, besides its limit. A goal of 0 is the automatic one.
ALTER TABLE finalization ADD COLUMN latency_goal_millis BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE finalization ADD COLUMN priority VARCHAR(8) DEFAULT 'NORMAL' NOT NULL;
