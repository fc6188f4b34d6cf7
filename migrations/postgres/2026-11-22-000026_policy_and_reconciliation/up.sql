-- Which conferences refer whom: younger brothers and sisters with the older, and every setting a
-- row of its own. The latest version of a day holds; none is ever changed.

ALTER TABLE referral_policies ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE referral_policies ALTER COLUMN version DROP DEFAULT;
ALTER TABLE referral_policies ADD COLUMN younger_with_older BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE referral_policies ALTER COLUMN younger_with_older DROP DEFAULT;
ALTER TABLE referral_policies DROP CONSTRAINT referral_policies_pkey;
ALTER TABLE referral_policies ADD PRIMARY KEY (applies_from, version);

-- Which import last held a row of the schedule. Kept apart: to be named once more is no change of
-- what is on record.
CREATE TABLE schedule_holds (
    conference_child_id TEXT PRIMARY KEY NOT NULL REFERENCES conference_children (id) ON DELETE CASCADE,
    batch_id            TEXT NOT NULL REFERENCES import_batches (id)
);

-- The days that a schedule spans, how many rows of its source were on record for them before it
-- came, and how many of those it holds too.
CREATE TABLE schedule_files (
    batch_id  TEXT PRIMARY KEY NOT NULL REFERENCES import_batches (id),
    first_day DATE NOT NULL,
    last_day  DATE NOT NULL,
    known     INTEGER NOT NULL,
    named     INTEGER NOT NULL
);
CREATE INDEX schedule_files_by_day ON schedule_files (last_day);

-- What somebody decided where conferences and referrals did not agree, and about which facts.
CREATE TABLE reconciliations (
    id                  TEXT PRIMARY KEY NOT NULL,
    kind                TEXT NOT NULL,
    young_person_id     TEXT NOT NULL REFERENCES young_people (id),
    conference_child_id TEXT REFERENCES conference_children (id),
    referral_id         TEXT REFERENCES referrals (id),
    why                 TEXT NOT NULL,
    facts               TEXT NOT NULL,
    deed                TEXT NOT NULL,
    reason              TEXT,
    settled_by          TEXT NOT NULL REFERENCES users (id),
    settled_at          TIMESTAMP NOT NULL,
    reopened_by         TEXT REFERENCES users (id),
    reopened_at         TIMESTAMP
);
CREATE INDEX reconciliations_by_young_person ON reconciliations (young_person_id);
CREATE INDEX reconciliations_by_conference_child ON reconciliations (conference_child_id);
CREATE INDEX reconciliations_by_referral ON reconciliations (referral_id);
