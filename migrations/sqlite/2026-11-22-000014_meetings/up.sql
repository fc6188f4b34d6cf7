-- A meeting stands once, with one attendance for each child or young person it supported. What
-- was one row for each of them becomes a meeting that was held, with its one attendance: the day,
-- the type and the attendance as they were.

ALTER TABLE meetings RENAME TO moved_in_meetings;

CREATE TABLE meetings (
    id              TEXT PRIMARY KEY NOT NULL,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL,
    held_on         TEXT NOT NULL,
    starts_at       TEXT,
    place           TEXT,
    online          INTEGER NOT NULL,
    not_held_reason TEXT,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;

-- What is said of one young person at one meeting; until it was held, only that they are on it.
CREATE TABLE meeting_attendances (
    id                  TEXT PRIMARY KEY NOT NULL,
    meeting_id          TEXT NOT NULL REFERENCES meetings (id),
    referral_id         TEXT NOT NULL REFERENCES referrals (id),
    conference_child_id TEXT UNIQUE REFERENCES conference_children (id),
    attendance          TEXT,
    spoke               TEXT,
    views               TEXT NOT NULL,
    online              INTEGER NOT NULL,
    seen_before_on      TEXT,
    explained_on        TEXT,
    not_there_reason    TEXT,
    own_words           TEXT,
    note                TEXT,
    external_source     TEXT,
    external_ref        TEXT,
    created_at          TEXT NOT NULL,
    UNIQUE (external_source, external_ref),
    UNIQUE (meeting_id, referral_id)
) STRICT;

INSERT INTO meetings (id, kind, state, held_on, online, created_at, version)
SELECT id, kind, 'held', held_on, 0, created_at, 1 FROM moved_in_meetings;

INSERT INTO meeting_attendances
    (id, meeting_id, referral_id, attendance, views, online, external_source, external_ref, created_at)
SELECT id, id, referral_id, attendance, '', 0, external_source, external_ref, created_at
FROM moved_in_meetings;

DROP TABLE moved_in_meetings;

CREATE INDEX meetings_by_day ON meetings (held_on, state);
CREATE INDEX meeting_attendances_by_referral ON meeting_attendances (referral_id);

-- The secret address at which an officer's calendar program reads their diary. Only its hash is
-- kept: the address itself was shown once.
CREATE TABLE calendar_feeds (
    user_id     TEXT PRIMARY KEY NOT NULL REFERENCES users (id),
    secret_hash TEXT UNIQUE NOT NULL,
    made_at     TEXT NOT NULL
) STRICT;
