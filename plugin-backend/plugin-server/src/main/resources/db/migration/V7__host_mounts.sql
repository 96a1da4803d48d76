-- Which of our datastores were, or were about to be, mounted on which host. Written down before vCenter is asked, and taken
-- away after the host has let go, so that nothing is forgotten whenever the server is killed.
CREATE TABLE host_mount (
    host        VARCHAR(80)  NOT NULL,
    datastore   VARCHAR(255) NOT NULL,
    remote_host VARCHAR(255) NOT NULL,
    remote_path VARCHAR(1024) NOT NULL,
    PRIMARY KEY (host, datastore)
);
