-- What came in, in which batch, and what became of each row.

CREATE TABLE import_batches (
    id            TEXT PRIMARY KEY NOT NULL,
    kind          TEXT NOT NULL,
    file_name     TEXT NOT NULL,
    actor         TEXT NOT NULL,
    imported_on   TEXT NOT NULL,
    imported_at   TEXT NOT NULL,
    row_count     INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    updated       INTEGER NOT NULL,
    unchanged     INTEGER NOT NULL,
    rejected      INTEGER NOT NULL,
    review        INTEGER NOT NULL,
    referrals     INTEGER NOT NULL,
    below_threshold INTEGER NOT NULL
) STRICT;
CREATE INDEX import_batches_by_time ON import_batches (imported_at);

-- The raw row is kept only where it is still needed: rejected rows and rows that wait for a decision.
CREATE TABLE import_rows (
    id              TEXT PRIMARY KEY NOT NULL,
    batch_id        TEXT NOT NULL REFERENCES import_batches (id),
    file            TEXT NOT NULL,
    row_number      INTEGER NOT NULL,
    result          TEXT NOT NULL,
    problems        TEXT,
    raw             TEXT,
    subject_id      TEXT,
    likely_id       TEXT REFERENCES young_people (id),
    decided_at      TEXT,
    decision        TEXT
) STRICT;
CREATE INDEX import_rows_by_batch ON import_rows (batch_id, result, row_number);
