-- Who a young person is: how they say it, where they live, on what legal basis, who is around them.

ALTER TABLE young_people ADD COLUMN pronouns TEXT;
ALTER TABLE young_people ADD COLUMN name_said TEXT;
-- For a child who is not born yet.
ALTER TABLE young_people ADD COLUMN expected_on TEXT;
-- Codes of the return, beside the words in gender and ethnicity.
ALTER TABLE young_people ADD COLUMN gender_code TEXT;
ALTER TABLE young_people ADD COLUMN ethnicity_code TEXT;
ALTER TABLE young_people ADD COLUMN interpreter INTEGER;
ALTER TABLE young_people ADD COLUMN disabilities TEXT;

CREATE INDEX field_history_by_young_person ON field_history (young_person_id);

-- From a day on this is the legal basis, until another one starts. A row that was corrected stays.
CREATE TABLE legal_statuses (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    basis           TEXT NOT NULL,
    from_on         TEXT NOT NULL,
    note            TEXT,
    recorded_by     TEXT NOT NULL,
    recorded_at     TEXT NOT NULL,
    corrected_by    TEXT,
    corrected_at    TEXT,
    correction      TEXT,
    replaced_by     TEXT REFERENCES legal_statuses (id)
) STRICT;
CREATE INDEX legal_statuses_by_young_person ON legal_statuses (young_person_id, from_on);

-- What lies beside the legal basis, from a day to a day.
CREATE TABLE legal_flags (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    flag            TEXT NOT NULL,
    from_on         TEXT NOT NULL,
    to_on           TEXT,
    note            TEXT,
    in_error        INTEGER NOT NULL,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX legal_flags_by_young_person ON legal_flags (young_person_id, from_on);

CREATE TABLE young_person_homes (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    kind            TEXT NOT NULL,
    confidential    INTEGER NOT NULL,
    out_of_county   INTEGER NOT NULL,
    from_on         TEXT NOT NULL,
    to_on           TEXT,
    in_error        INTEGER NOT NULL,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX young_person_homes_by_young_person ON young_person_homes (young_person_id, from_on);

-- Whose home it is and where. Kept apart from the home, so that a query about homes cannot give
-- away an address that is confidential; the row with the highest
-- number is the one that holds.
CREATE TABLE home_addresses (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    home_id         TEXT NOT NULL REFERENCES young_person_homes (id),
    number          INTEGER NOT NULL,
    provider        TEXT,
    address         TEXT,
    recorded_by     TEXT NOT NULL,
    recorded_at     TEXT NOT NULL
) STRICT;
CREATE INDEX home_addresses_by_home ON home_addresses (home_id, number);

CREATE TABLE young_person_professionals (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    role            TEXT NOT NULL,
    name            TEXT NOT NULL,
    team            TEXT,
    phone           TEXT,
    email           TEXT,
    from_on         TEXT NOT NULL,
    to_on           TEXT,
    in_error        INTEGER NOT NULL,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX young_person_professionals_by_young_person ON young_person_professionals (young_person_id, from_on);

-- What somebody is to a young person: a person by name, or another young person on record. Then
-- there are two rows with one pair, one for each of them.
CREATE TABLE young_person_relations (
    id                      TEXT PRIMARY KEY NOT NULL,
    young_person_id         TEXT NOT NULL REFERENCES young_people (id),
    pair                    TEXT,
    kind                    TEXT NOT NULL,
    name                    TEXT,
    phone                   TEXT,
    email                   TEXT,
    parental_responsibility INTEGER NOT NULL,
    note                    TEXT,
    in_error                INTEGER NOT NULL,
    created_at              TEXT NOT NULL,
    version                 INTEGER NOT NULL
) STRICT;
CREATE INDEX young_person_relations_by_young_person ON young_person_relations (young_person_id);
CREATE INDEX young_person_relations_by_pair ON young_person_relations (pair);

-- What to know before making contact. Ended, never deleted.
CREATE TABLE young_person_warnings (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    kind            TEXT NOT NULL,
    words           TEXT NOT NULL,
    review_on       TEXT NOT NULL,
    set_by          TEXT NOT NULL,
    set_on          TEXT NOT NULL,
    ended_on        TEXT,
    ended_by        TEXT,
    ending_note     TEXT,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX young_person_warnings_by_young_person ON young_person_warnings (young_person_id, ended_on);
CREATE INDEX young_person_warnings_by_review ON young_person_warnings (ended_on, review_on);
