-- The answers to requests with an Idempotency-Key, to be given again. Without a status: not answered yet.
CREATE TABLE idempotent_answer (
    user_name       VARCHAR(256) NOT NULL,
    idempotency_key VARCHAR(128) NOT NULL,
    request_hash    CHAR(64)     NOT NULL,
    started_at      TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    status          INTEGER,
    content_type    VARCHAR(200),
    location        VARCHAR(500),
    body            CHARACTER LARGE OBJECT,
    PRIMARY KEY (user_name, idempotency_key)
);
