-- Who is this, and what a conference came to.

-- The birthday beside every word of a name: whoever may be meant is found by both at once.
ALTER TABLE name_keys ADD COLUMN date_of_birth DATE;
UPDATE name_keys SET date_of_birth =
    (SELECT date_of_birth FROM young_people WHERE young_people.id = name_keys.young_person_id);
CREATE INDEX name_keys_by_word_and_birth ON name_keys (word, date_of_birth, young_person_id);
CREATE INDEX name_keys_by_sound_and_birth ON name_keys (sound, date_of_birth, young_person_id);

-- A row that waits and was set aside: until when, and why.
ALTER TABLE import_rows ADD COLUMN later_on DATE;
ALTER TABLE import_rows ADD COLUMN later_note TEXT;

-- Two records that may be one person. It holds nothing up.
CREATE TABLE likenesses (
    id         TEXT PRIMARY KEY NOT NULL,
    newer_id   TEXT NOT NULL REFERENCES young_people (id) ON DELETE CASCADE,
    older_id   TEXT NOT NULL REFERENCES young_people (id) ON DELETE CASCADE,
    certainty  TEXT NOT NULL,
    found_on   DATE NOT NULL,
    later_on   DATE,
    later_note TEXT,
    settled_at TIMESTAMP,
    settled_by TEXT REFERENCES users (id),
    version    INTEGER NOT NULL,
    UNIQUE (newer_id, older_id)
);
CREATE INDEX likenesses_by_older ON likenesses (older_id);
CREATE INDEX likenesses_by_settled ON likenesses (settled_at, found_on);

-- What scheduling said when somebody here said otherwise, or that it was so.
ALTER TABLE conference_children ADD COLUMN said_status TEXT;
