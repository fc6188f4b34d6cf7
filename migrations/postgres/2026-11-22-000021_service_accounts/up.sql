-- Other programs that send files, the tokens by which they come in, and what they were answered.

CREATE TABLE service_accounts (
    id         TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Of a token only the hash is kept.
CREATE TABLE service_tokens (
    id           TEXT PRIMARY KEY NOT NULL,
    account_id   TEXT NOT NULL REFERENCES service_accounts (id),
    token_hash   TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    made_at      TIMESTAMP NOT NULL,
    expires_on   DATE NOT NULL,
    revoked_by   TEXT,
    revoked_at   TIMESTAMP,
    last_used_at TIMESTAMP
);
CREATE INDEX service_tokens_by_account ON service_tokens (account_id, made_at);

-- What was answered under a key, so that the same request sent again does nothing again.
CREATE TABLE api_answers (
    account_id      TEXT NOT NULL REFERENCES service_accounts (id),
    idempotency_key TEXT NOT NULL,
    request_hash    TEXT NOT NULL,
    batch_id        TEXT NOT NULL REFERENCES import_batches (id),
    answer          TEXT NOT NULL,
    answered_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
);
CREATE INDEX api_answers_by_time ON api_answers (answered_at);

-- Files of the watched folder: claimed before they are read, finished in the transaction of their import.
CREATE TABLE taken_files (
    id           TEXT PRIMARY KEY NOT NULL,
    file_name    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    taken_at     TIMESTAMP NOT NULL,
    attempts     INTEGER NOT NULL,
    batch_id     TEXT REFERENCES import_batches (id),
    done         BOOLEAN,
    receipt      TEXT
);
CREATE INDEX taken_files_by_content ON taken_files (content_hash, kind);
