-- Which homes came by a placement list, and what a list no longer names.

ALTER TABLE import_batches ADD COLUMN no_longer_listed INTEGER;

CREATE TABLE listed_homes (
    home_id         TEXT PRIMARY KEY NOT NULL REFERENCES young_person_homes (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    child_ref       TEXT NOT NULL,
    from_on         DATE NOT NULL,
    fingerprint     TEXT NOT NULL,
    listed_on       DATE NOT NULL,
    UNIQUE (child_ref, from_on)
);
CREATE INDEX listed_homes_by_young_person ON listed_homes (young_person_id);
