-- +goose Up
-- What collectors have to do. Times are microseconds since 1970 in UTC by the clock of the database, except dispatched_at;
-- 0 is unknown. expires_at is the end of the owner's lease.
CREATE TABLE tasks (
    host          TEXT NOT NULL,
    job           TEXT NOT NULL,
    invocation    TEXT NOT NULL,
    kind          TEXT NOT NULL,
    id            TEXT NOT NULL,
    position      BIGINT NOT NULL,
    state         TEXT NOT NULL,
    run_id        TEXT NOT NULL,
    dispatched_at BIGINT NOT NULL,
    outcome       TEXT NOT NULL,
    detail        TEXT NOT NULL,
    owner         TEXT NOT NULL,
    expires_at    BIGINT NOT NULL,
    began_at      BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    PRIMARY KEY (host, job, invocation, kind, id)
);

CREATE INDEX tasks_by_state ON tasks (host, job, state);

CREATE TABLE collectors (
    host       TEXT NOT NULL,
    job        TEXT NOT NULL,
    owner      TEXT NOT NULL,
    interest   TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (host, job, owner)
);
