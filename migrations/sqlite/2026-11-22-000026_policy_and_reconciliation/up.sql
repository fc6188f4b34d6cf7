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
