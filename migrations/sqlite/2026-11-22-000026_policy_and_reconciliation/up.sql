-- Which conferences refer whom: younger brothers and sisters with the older, and every setting a
-- row of its own. The latest version of a day holds; none is ever changed.

CREATE TABLE policy_versions (
    applies_from       TEXT NOT NULL,
    version            INTEGER NOT NULL,
    threshold_age      INTEGER NOT NULL,
    upper_age          INTEGER NOT NULL,
    younger_with_older INTEGER NOT NULL,
    conference_kinds   TEXT NOT NULL,
    reason             TEXT NOT NULL,
    set_by             TEXT REFERENCES users (id),
    set_at             TEXT NOT NULL,
    PRIMARY KEY (applies_from, version)
) STRICT;
INSERT INTO policy_versions (applies_from, version, threshold_age, upper_age, younger_with_older, conference_kinds, reason, set_by, set_at)
SELECT applies_from, 1, threshold_age, upper_age, 0, conference_kinds, reason, set_by, set_at FROM referral_policies;
DROP TABLE referral_policies;
ALTER TABLE policy_versions RENAME TO referral_policies;

-- Which import last held a row of the schedule. Kept apart: to be named once more is no change of
-- what is on record.
CREATE TABLE schedule_holds (
    conference_child_id TEXT PRIMARY KEY NOT NULL REFERENCES conference_children (id) ON DELETE CASCADE,
    batch_id            TEXT NOT NULL REFERENCES import_batches (id)
) STRICT;

-- The days that a schedule spans, how many rows of its source were on record for them before it
-- came, and how many of those it holds too.
CREATE TABLE schedule_files (
    batch_id  TEXT PRIMARY KEY NOT NULL REFERENCES import_batches (id),
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    known     INTEGER NOT NULL,
    named     INTEGER NOT NULL
) STRICT;
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
    settled_at          TEXT NOT NULL,
    reopened_by         TEXT REFERENCES users (id),
    reopened_at         TEXT
) STRICT;
CREATE INDEX reconciliations_by_young_person ON reconciliations (young_person_id);
CREATE INDEX reconciliations_by_conference_child ON reconciliations (conference_child_id);
CREATE INDEX reconciliations_by_referral ON reconciliations (referral_id);
