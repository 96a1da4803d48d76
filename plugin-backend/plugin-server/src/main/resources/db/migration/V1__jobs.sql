-- The machines that run from a backup. A row without vm_id is a machine that is being created.
CREATE TABLE instant_vm (
    id         VARCHAR(36)  PRIMARY KEY,
    vm_id      VARCHAR(80)  UNIQUE,
    name       VARCHAR(255) NOT NULL,
    datastore  VARCHAR(255) NOT NULL,
    folder     VARCHAR(255) NOT NULL,
    taken_at   TIMESTAMP(3) WITH TIME ZONE,
    created_by VARCHAR(256) NOT NULL,
    created_at TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    UNIQUE (datastore, folder)
);

-- active_vm is the machine's id while the job goes on, and null afterwards: so that there is one job per machine.
-- reported says whether vCenter knows how the job ended.
CREATE TABLE finalization (
    id               VARCHAR(36)  PRIMARY KEY,
    vm_id            VARCHAR(80)  NOT NULL,
    active_vm        VARCHAR(80)  UNIQUE,
    vm_name          VARCHAR(255) NOT NULL,
    new_name         VARCHAR(255),
    datastore        VARCHAR(255) NOT NULL,
    folder           VARCHAR(255) NOT NULL,
    provisioning     VARCHAR(16)  NOT NULL,
    bytes_per_second BIGINT       NOT NULL,
    state            VARCHAR(16)  NOT NULL,
    paused           BOOLEAN      NOT NULL,
    failure          VARCHAR(2100),
    task             VARCHAR(80),
    reported         BOOLEAN      NOT NULL,
    progress         CHARACTER LARGE OBJECT,
    initiator        VARCHAR(256) NOT NULL,
    started_at       TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    ended_at         TIMESTAMP(3) WITH TIME ZONE
);
