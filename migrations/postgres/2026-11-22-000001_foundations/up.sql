-- Staff, sessions, the access record and what a council keeps.

CREATE TABLE users (
    id              TEXT PRIMARY KEY NOT NULL,
    email           TEXT UNIQUE,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL,
    password_hash   TEXT,
    change_password BOOLEAN NOT NULL,
    disabled_at     TIMESTAMP,
    created_at      TIMESTAMP NOT NULL,
    version         INTEGER NOT NULL
);

CREATE TABLE sessions (
    id           TEXT PRIMARY KEY NOT NULL,
    user_id      TEXT NOT NULL REFERENCES users (id),
    created_at   TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    ended_at     TIMESTAMP
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- One row per form sent: the same form sent twice does its work once.
CREATE TABLE form_submissions (
    token    TEXT PRIMARY KEY NOT NULL,
    user_id  TEXT NOT NULL REFERENCES users (id),
    location TEXT NOT NULL,
    sent_at  TIMESTAMP NOT NULL
);

-- What was changed and what was looked at, by whom. Append only; each row is chained to the last.
CREATE TABLE audit_events (
    seq             BIGINT PRIMARY KEY NOT NULL,
    happened_at     TIMESTAMP NOT NULL,
    actor           TEXT NOT NULL,
    actor_role      TEXT NOT NULL,
    action          TEXT NOT NULL,
    subject_kind    TEXT NOT NULL,
    subject_id      TEXT NOT NULL,
    young_person_id TEXT,
    details         TEXT NOT NULL,
    previous_hash   TEXT NOT NULL,
    hash            TEXT NOT NULL
);
CREATE INDEX audit_events_by_young_person ON audit_events (young_person_id, seq);

-- The last link of the chain, sealed: rows cut off the end are missed.
CREATE TABLE audit_head (
    id   INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL,
    seal TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash, seal) VALUES (1, 0, '', '');

CREATE TABLE list_entries (
    list       TEXT NOT NULL,
    code       TEXT NOT NULL,
    label      TEXT NOT NULL,
    position   INTEGER NOT NULL,
    retired_on DATE,
    PRIMARY KEY (list, code)
);

-- Which conferences refer whom, from which day. The latest row on or before a conference's day rules it.
CREATE TABLE referral_policies (
    applies_from     DATE PRIMARY KEY NOT NULL,
    threshold_age    INTEGER NOT NULL,
    upper_age        INTEGER NOT NULL,
    conference_kinds TEXT NOT NULL,
    reason           TEXT NOT NULL,
    set_by           TEXT REFERENCES users (id),
    set_at           TIMESTAMP NOT NULL
);
INSERT INTO referral_policies (applies_from, threshold_age, upper_age, conference_kinds, reason, set_by, set_at)
VALUES ('1900-01-01', 11, 18, 'initial;receiving_in', 'The practice of 2021-22', NULL, '1900-01-01 00:00:00');

CREATE FUNCTION access_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the access record is append only'; END $$;
CREATE TRIGGER audit_events_are_not_changed BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION access_record_is_append_only();
CREATE TRIGGER audit_events_are_not_emptied BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION access_record_is_append_only();
