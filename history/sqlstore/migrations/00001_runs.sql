-- +goose Up
-- Times are microseconds since 1970 in UTC; 0 is unknown. Counts and drift are NULL if unknown.
CREATE TABLE runs (
    host         TEXT NOT NULL,
    run_id       TEXT NOT NULL,
    recipe_id    TEXT NOT NULL,
    status       TEXT NOT NULL,
    cut          TEXT NOT NULL,
    error        TEXT NOT NULL,
    mode         TEXT NOT NULL,
    ran_at       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT NOT NULL,
    completed_at BIGINT NOT NULL,
    pages        BIGINT,
    items        BIGINT,
    credits      BIGINT,
    drift        DOUBLE PRECISION,
    warnings     TEXT NOT NULL,
    request_ids  TEXT NOT NULL,
    profile      TEXT NOT NULL,
    findings     BIGINT NOT NULL,
    broken_rules BIGINT NOT NULL,
    archive      TEXT NOT NULL,
    archive_bytes BIGINT NOT NULL,
    archive_pages TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (host, run_id)
);

CREATE INDEX runs_by_recipe ON runs (recipe_id, ran_at);
CREATE INDEX runs_by_id ON runs (run_id);

CREATE TABLE samples (
    host   TEXT NOT NULL,
    run_id TEXT NOT NULL,
    at     BIGINT NOT NULL,
    pages  BIGINT NOT NULL,
    items  BIGINT NOT NULL,
    PRIMARY KEY (host, run_id, at)
);

CREATE TABLE columns (
    host            TEXT NOT NULL,
    run_id          TEXT NOT NULL,
    position        BIGINT NOT NULL,
    name            TEXT NOT NULL,
    possible        BIGINT NOT NULL,
    covered         BIGINT NOT NULL,
    main_type       TEXT NOT NULL,
    distinct_values BIGINT NOT NULL,
    number_count    BIGINT NOT NULL,
    number_min      DOUBLE PRECISION,
    number_median   DOUBLE PRECISION,
    number_max      DOUBLE PRECISION,
    PRIMARY KEY (host, run_id, position)
);

CREATE TABLE notes (
    host        TEXT NOT NULL,
    run_id      TEXT NOT NULL,
    position    BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    severity    TEXT NOT NULL,
    column_name TEXT NOT NULL,
    subject     TEXT NOT NULL,
    message     TEXT NOT NULL,
    affected    BIGINT NOT NULL,
    possible    BIGINT NOT NULL,
    PRIMARY KEY (host, run_id, position)
);
