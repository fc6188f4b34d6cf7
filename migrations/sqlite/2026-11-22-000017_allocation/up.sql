-- How much of a full week an officer works, from a day on. The latest row on or before a day rules it.
CREATE TABLE officer_hours (
    id         TEXT PRIMARY KEY NOT NULL,
    officer_id TEXT NOT NULL REFERENCES users (id),
    from_on    TEXT NOT NULL,
    percent    INTEGER NOT NULL,
    capacity   INTEGER,
    set_by     TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX officer_hours_by_officer ON officer_hours (officer_id, from_on);

-- An officer is away, both days counted; somebody covers all of their work, or nobody does.
CREATE TABLE absences (
    id           TEXT PRIMARY KEY NOT NULL,
    officer_id   TEXT NOT NULL REFERENCES users (id),
    from_on      TEXT NOT NULL,
    to_on        TEXT NOT NULL,
    covered_by   TEXT REFERENCES users (id),
    recorded_by  TEXT NOT NULL REFERENCES users (id),
    created_at   TEXT NOT NULL,
    cancelled_at TEXT,
    version      INTEGER NOT NULL
) STRICT;
CREATE INDEX absences_by_officer ON absences (officer_id, to_on);
CREATE INDEX absences_by_cover ON absences (covered_by, to_on);

-- One case that somebody else covers than the rest of the officer's work.
CREATE TABLE absence_covers (
    absence_id TEXT NOT NULL REFERENCES absences (id),
    case_id    TEXT NOT NULL REFERENCES cases (id),
    officer_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (absence_id, case_id)
) STRICT;
CREATE INDEX absence_covers_by_case ON absence_covers (case_id);
CREATE INDEX absence_covers_by_officer ON absence_covers (officer_id);

-- Brothers and sisters who want opposite things: two officers are needed, or a reason.
CREATE TABLE opposed_wishes (
    id       TEXT PRIMARY KEY NOT NULL,
    note     TEXT NOT NULL,
    set_by   TEXT NOT NULL REFERENCES users (id),
    set_on   TEXT NOT NULL,
    ended_on TEXT,
    ended_by TEXT REFERENCES users (id),
    version  INTEGER NOT NULL
) STRICT;
CREATE TABLE opposed_wish_people (
    opposed_wish_id TEXT NOT NULL REFERENCES opposed_wishes (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    PRIMARY KEY (opposed_wish_id, young_person_id)
) STRICT;
CREATE INDEX opposed_wish_people_by_young_person ON opposed_wish_people (young_person_id);

-- Why one officer holds both all the same.
CREATE TABLE opposed_wish_reasons (
    id              TEXT PRIMARY KEY NOT NULL,
    opposed_wish_id TEXT NOT NULL REFERENCES opposed_wishes (id),
    officer_id      TEXT NOT NULL REFERENCES users (id),
    reason          TEXT NOT NULL,
    decided_by      TEXT NOT NULL REFERENCES users (id),
    decided_on      TEXT NOT NULL,
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX opposed_wish_reasons_by_wish ON opposed_wish_reasons (opposed_wish_id);

-- Lists of work that waits, by officer; open spells; who holds what now.
CREATE INDEX referrals_by_officer ON referrals (officer_id, outcome);
CREATE INDEX case_spells_by_closing ON case_spells (closed_on, case_id);
