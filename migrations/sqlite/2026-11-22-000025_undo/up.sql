-- An import can be taken back. Every row that it makes, changes or removes leaves a line here, with
-- what the row said before: triggers write it (src/db/trail.rs makes them from the schema), so that
-- nothing is forgotten when something new is kept.
CREATE TABLE import_trail (
    seq        INTEGER PRIMARY KEY NOT NULL,
    batch_id   TEXT NOT NULL,
    table_name TEXT NOT NULL,
    row_key    TEXT NOT NULL,
    deed       TEXT NOT NULL,
    -- The row before it was changed or removed; what was made, as it was when it was taken back.
    image      TEXT,
    -- Somebody changed or removed the row since, and no import did.
    worked_on  INTEGER NOT NULL
) STRICT;
CREATE INDEX import_trail_by_batch ON import_trail (batch_id, table_name, seq);
CREATE INDEX import_trail_by_row ON import_trail (table_name, row_key);

-- Holds a row only inside the transaction of an import, which nobody else sees: the import whose
-- trail is written; without an import, one is being taken back.
CREATE TABLE import_under_way (
    id       INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    batch_id TEXT
) STRICT;

-- Imports from before there was a trail cannot be taken back.
ALTER TABLE import_batches ADD COLUMN has_trail INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_batches ADD COLUMN undone_at TEXT;
ALTER TABLE import_batches ADD COLUMN undone_by TEXT;
ALTER TABLE import_batches ADD COLUMN undo_reason TEXT;

-- What a row changed: the field, what it said, what it says.
ALTER TABLE import_rows ADD COLUMN changes TEXT;
