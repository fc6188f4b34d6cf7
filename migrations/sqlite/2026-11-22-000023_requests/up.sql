-- What comes in from outside: somebody asks for an officer. What they typed is never changed; how it
-- stands is, and every step of that is a row of request_decisions.
CREATE TABLE requests (
    id            TEXT PRIMARY KEY NOT NULL,
    reference     TEXT NOT NULL UNIQUE,
    state         TEXT NOT NULL,
    asked_by      TEXT NOT NULL,
    source        TEXT NOT NULL,
    received_at   TEXT NOT NULL,
    received_on   TEXT NOT NULL,
    -- Until when an answer was promised; none where the bank holidays are not known that far.
    due_on        TEXT,
    urgent        INTEGER NOT NULL,
    first_name    TEXT NOT NULL,
    last_name     TEXT,
    age           INTEGER,
    date_of_birth TEXT,
    wants         TEXT NOT NULL,
    words         TEXT,
    ways          TEXT NOT NULL,
    phone         TEXT,
    email         TEXT,
    email_safe    INTEGER NOT NULL,
    through       TEXT,
    times         TEXT,
    never         TEXT NOT NULL,
    area          TEXT NOT NULL,
    lives         TEXT,
    cared_by      TEXT,
    asker         TEXT,
    organisation  TEXT,
    told          TEXT,
    needed_by     TEXT,
    -- The same form sent twice is one request.
    form_token    TEXT NOT NULL,
    sent_key      TEXT NOT NULL UNIQUE,
    version       INTEGER NOT NULL
) STRICT;
CREATE INDEX requests_by_state ON requests (state, received_at);
CREATE INDEX requests_by_form_token ON requests (form_token);

CREATE TABLE request_decisions (
    id              TEXT PRIMARY KEY NOT NULL,
    request_id      TEXT NOT NULL REFERENCES requests (id),
    state           TEXT NOT NULL,
    place           TEXT,
    why             TEXT,
    referral_id     TEXT REFERENCES referrals (id),
    young_person_id TEXT REFERENCES young_people (id),
    decided_by      TEXT NOT NULL REFERENCES users (id),
    decided_at      TEXT NOT NULL
) STRICT;
CREATE INDEX request_decisions_by_request ON request_decisions (request_id, decided_at);
CREATE INDEX request_decisions_by_young_person ON request_decisions (young_person_id);

-- E-mails on their way. When one is sent, its address and its words go.
CREATE TABLE outbox (
    id            TEXT PRIMARY KEY NOT NULL,
    kind          TEXT NOT NULL,
    recipient     TEXT NOT NULL,
    subject       TEXT NOT NULL,
    body          TEXT NOT NULL,
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL,
    created_at    TEXT NOT NULL,
    next_try_at   TEXT NOT NULL,
    claimed_until TEXT,
    ended_at      TEXT,
    trouble       TEXT
) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, next_try_at);
