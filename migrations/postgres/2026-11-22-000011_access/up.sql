-- Finding people, reviewing whom a record is closed to, and two records that are one person.

-- The record that this one was merged into: its address leads there.
ALTER TABLE young_people ADD COLUMN merged_into TEXT REFERENCES young_people (id);
CREATE INDEX young_people_by_merged_into ON young_people (merged_into);

-- One row for each word of somebody's names, with how it sounds. The program fills it for those who
-- were on record before it.
CREATE TABLE name_keys (
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    kind            TEXT NOT NULL,
    word            TEXT COLLATE "C" NOT NULL,
    sound           TEXT,
    other_sound     TEXT,
    PRIMARY KEY (young_person_id, kind, word)
);
CREATE INDEX name_keys_by_word ON name_keys (word, young_person_id);
CREATE INDEX name_keys_by_sound ON name_keys (sound, young_person_id);
CREATE INDEX name_keys_by_other_sound ON name_keys (other_sound, young_person_id);

-- The references that other systems know somebody by, or one of their referrals: letters and digits alone.
CREATE TABLE reference_keys (
    reference       TEXT COLLATE "C" NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    PRIMARY KEY (reference, young_person_id)
);
CREATE INDEX reference_keys_by_young_person ON reference_keys (young_person_id);

-- What was decided each time somebody looked again at whom a record is closed to.
CREATE TABLE restriction_reviews (
    id             TEXT PRIMARY KEY NOT NULL,
    restriction_id TEXT NOT NULL REFERENCES record_restrictions (id),
    reviewed_on    DATE NOT NULL,
    reviewed_by    TEXT NOT NULL REFERENCES users (id),
    decision       TEXT NOT NULL,
    note           TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL
);
CREATE INDEX restriction_reviews_by_restriction ON restriction_reviews (restriction_id, created_at);
CREATE INDEX record_restrictions_by_review ON record_restrictions (ended_on, review_on);

-- Two records that were one person. Nothing is deleted: the record that was merged stays, and
-- merge_rows has what is needed to put every row back.
CREATE TABLE record_merges (
    id        TEXT PRIMARY KEY NOT NULL,
    kept_id   TEXT NOT NULL REFERENCES young_people (id),
    merged_id TEXT NOT NULL REFERENCES young_people (id),
    note      TEXT NOT NULL,
    merged_by TEXT NOT NULL REFERENCES users (id),
    merged_at TIMESTAMP NOT NULL,
    undone_by TEXT REFERENCES users (id),
    undone_at TIMESTAMP,
    undo_note TEXT
);
CREATE INDEX record_merges_by_kept ON record_merges (kept_id, merged_at);
CREATE INDEX record_merges_by_merged ON record_merges (merged_id, merged_at);

-- Every row that stood with either record on the day: those that moved, and those that were there.
CREATE TABLE merge_rows (
    merge_id    TEXT NOT NULL REFERENCES record_merges (id),
    table_name  TEXT NOT NULL,
    column_name TEXT NOT NULL,
    row_key     TEXT NOT NULL,
    moved       BOOLEAN NOT NULL,
    PRIMARY KEY (merge_id, table_name, column_name, row_key)
);

-- What the kept record said before it took over what the other one said.
CREATE TABLE merge_values (
    merge_id    TEXT NOT NULL REFERENCES record_merges (id),
    field       TEXT NOT NULL,
    before_text TEXT,
    after_text  TEXT,
    PRIMARY KEY (merge_id, field)
);
