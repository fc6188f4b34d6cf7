-- An import can be taken back. Every row that it makes, changes or removes leaves a line here, with
-- what the row said before: triggers write it (src/db/trail.rs makes them from the schema), so that
-- nothing is forgotten when something new is kept.
CREATE TABLE import_trail (
    seq        BIGINT PRIMARY KEY NOT NULL,
    batch_id   TEXT NOT NULL,
    table_name TEXT NOT NULL,
    row_key    TEXT NOT NULL,
    deed       TEXT NOT NULL,
    -- The row before it was changed or removed; what was made, as it was when it was taken back.
    image      TEXT,
    -- Somebody changed or removed the row since, and no import did.
    worked_on  BOOLEAN NOT NULL
);
CREATE INDEX import_trail_by_batch ON import_trail (batch_id, table_name, seq);
CREATE INDEX import_trail_by_row ON import_trail (table_name, row_key);

-- Holds a row only inside the transaction of an import, which nobody else sees: the import whose
-- trail is written; without an import, one is being taken back.
CREATE TABLE import_under_way (
    id       INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    batch_id TEXT
);

-- Imports from before there was a trail cannot be taken back.
ALTER TABLE import_batches ADD COLUMN has_trail BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE import_batches ADD COLUMN undone_at TIMESTAMP;
ALTER TABLE import_batches ADD COLUMN undone_by TEXT;
ALTER TABLE import_batches ADD COLUMN undo_reason TEXT;

-- What a row changed: the field, what it said, what it says.
ALTER TABLE import_rows ADD COLUMN changes TEXT;

-- Behind every change of a row. Its arguments are the columns of the table's key.
CREATE FUNCTION keep_import_trail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    batch text;
    is_under_way boolean;
    whole jsonb;
    key text;
BEGIN
    SELECT batch_id INTO batch FROM import_under_way;
    is_under_way := FOUND;
    IF batch IS NULL AND (is_under_way OR TG_OP = 'INSERT') THEN
        RETURN NULL;
    END IF;
    whole := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    IF TG_NARGS = 1 THEN
        key := whole ->> TG_ARGV[0];
    ELSE
        SELECT array_to_json(array_agg(whole ->> name ORDER BY place))::text INTO key
        FROM unnest(TG_ARGV) WITH ORDINALITY AS part (name, place);
    END IF;
    IF batch IS NULL THEN
        UPDATE import_trail SET worked_on = true
        WHERE table_name = TG_TABLE_NAME AND row_key = key AND NOT worked_on;
    -- What became of its own rows stays with an import.
    ELSIF TG_TABLE_NAME <> 'import_rows' OR whole ->> 'batch_id' <> batch THEN
        -- Imports come one after another, so that nobody else counts on meanwhile.
        INSERT INTO import_trail (seq, batch_id, table_name, row_key, deed, image, worked_on)
        VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM import_trail), batch, TG_TABLE_NAME, key,
            CASE TG_OP WHEN 'INSERT' THEN 'made' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
            CASE TG_OP WHEN 'INSERT' THEN NULL ELSE whole::text END, false);
    END IF;
    RETURN NULL;
END $$;
