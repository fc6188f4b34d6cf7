-- The texts of letters and sheets, each version since somebody here first changed one.
CREATE TABLE document_texts (
    kind     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    body     TEXT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES users (id),
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, version)
);

-- What was given to a young person, word for word.
CREATE TABLE documents_given (
    id              TEXT PRIMARY KEY NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    case_id         TEXT NOT NULL REFERENCES cases (id),
    kind            TEXT NOT NULL,
    body            TEXT NOT NULL,
    made_by         TEXT NOT NULL REFERENCES users (id),
    made_on         DATE NOT NULL,
    made_at         TIMESTAMP NOT NULL
);
CREATE INDEX documents_given_by_young_person ON documents_given (young_person_id, made_on);
CREATE INDEX documents_given_by_case ON documents_given (case_id, made_at);

-- Who else writes on a page; and what is old enough to be forgotten.
CREATE INDEX drafts_by_page ON drafts (page, saved_at);
CREATE INDEX drafts_by_time ON drafts (saved_at);
CREATE INDEX form_submissions_by_time ON form_submissions (sent_at);
