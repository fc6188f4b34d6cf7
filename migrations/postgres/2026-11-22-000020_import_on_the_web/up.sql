-- Whose record a row of an import changed, or would have changed where it was refused.
ALTER TABLE import_rows ADD COLUMN young_person_id TEXT REFERENCES young_people (id);
CREATE INDEX import_rows_by_young_person ON import_rows (young_person_id);

-- Whose file it was.
ALTER TABLE import_batches ADD COLUMN source TEXT NOT NULL DEFAULT '';
-- What came out otherwise than its preview said.
ALTER TABLE import_batches ADD COLUMN since_preview TEXT;

-- When a refused row was mended.
ALTER TABLE import_rows ADD COLUMN settled_at TIMESTAMP;

-- A file that somebody sent in and that waits for their word, with what it would do.
CREATE TABLE import_uploads (
    id          TEXT PRIMARY KEY NOT NULL,
    kind        TEXT NOT NULL,
    source      TEXT NOT NULL,
    name        TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT,
    preview     TEXT,
    batch_id    TEXT REFERENCES import_batches (id),
    rows_done   BIGINT NOT NULL,
    rows_total  BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL REFERENCES users (id),
    uploaded_at TIMESTAMP NOT NULL,
    alive_at    TIMESTAMP NOT NULL
);
CREATE INDEX import_uploads_by_time ON import_uploads (uploaded_at);

CREATE TABLE import_upload_files (
    upload_id    TEXT NOT NULL REFERENCES import_uploads (id),
    place        INTEGER NOT NULL,
    name         TEXT NOT NULL,
    bytes_in_hex TEXT NOT NULL,
    PRIMARY KEY (upload_id, place)
);

-- What another system calls a column, by the source of its files.
CREATE TABLE import_column_names (
    id          TEXT PRIMARY KEY NOT NULL,
    kind        TEXT NOT NULL,
    source      TEXT NOT NULL,
    header      TEXT NOT NULL,
    column_name TEXT NOT NULL,
    version     INTEGER NOT NULL,
    UNIQUE (kind, source, header)
);
