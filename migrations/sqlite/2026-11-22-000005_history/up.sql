-- What a field said before it was changed, word for word.
CREATE TABLE field_history (
    id              TEXT PRIMARY KEY NOT NULL,
    subject_kind    TEXT NOT NULL,
    subject_id      TEXT NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    field           TEXT NOT NULL,
    before_text     TEXT,
    after_text      TEXT,
    changed_by      TEXT NOT NULL,
    changed_at      TEXT NOT NULL
) STRICT;
CREATE INDEX field_history_by_subject ON field_history (subject_kind, subject_id, changed_at);

-- What somebody is still writing, by the page that it is on.
CREATE TABLE drafts (
    user_id  TEXT NOT NULL REFERENCES users (id),
    page     TEXT NOT NULL,
    title    TEXT NOT NULL,
    fields   TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (user_id, page)
) STRICT;

-- A record closed to a member of staff: a relative, a conflict of interests.
CREATE TABLE record_restrictions (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    user_id         TEXT NOT NULL REFERENCES users (id),
    kind            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    set_by          TEXT NOT NULL REFERENCES users (id),
    set_on          TEXT NOT NULL,
    review_on       TEXT NOT NULL,
    ended_on        TEXT,
    ended_by        TEXT REFERENCES users (id),
    ending_note     TEXT,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX record_restrictions_by_user ON record_restrictions (user_id, ended_on, young_person_id);
CREATE INDEX record_restrictions_by_young_person ON record_restrictions (young_person_id, ended_on);
