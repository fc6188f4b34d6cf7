-- Young people, the conferences they are on, their referrals, and the cases that follow.

CREATE TABLE young_people (
    id                  TEXT PRIMARY KEY NOT NULL,
    first_name          TEXT NOT NULL,
    last_name           TEXT NOT NULL,
    name_key            TEXT NOT NULL,
    known_as            TEXT,
    date_of_birth       DATE,
    gender              TEXT,
    ethnicity           TEXT,
    language            TEXT,
    communication_needs TEXT,
    contact_warning     TEXT,
    created_at          TIMESTAMP NOT NULL,
    version             INTEGER NOT NULL
);
CREATE INDEX young_people_by_date_of_birth ON young_people (date_of_birth);

CREATE TABLE young_person_refs (
    source          TEXT NOT NULL,
    source_ref      TEXT NOT NULL,
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    PRIMARY KEY (source, source_ref)
);
CREATE INDEX young_person_refs_by_young_person ON young_person_refs (young_person_id);

CREATE TABLE conferences (
    id         TEXT PRIMARY KEY NOT NULL,
    source     TEXT NOT NULL,
    source_ref TEXT NOT NULL,
    UNIQUE (source, source_ref)
);

-- One row per child per conference, as scheduling sends it.
CREATE TABLE conference_children (
    id                     TEXT PRIMARY KEY NOT NULL,
    conference_id          TEXT NOT NULL REFERENCES conferences (id),
    child_ref              TEXT NOT NULL,
    young_person_id        TEXT NOT NULL REFERENCES young_people (id),
    kind                   TEXT NOT NULL,
    held_on                DATE NOT NULL,
    starts_at              TEXT,
    venue                  TEXT,
    chair                  TEXT,
    status                 TEXT NOT NULL,
    strategy_discussion_on DATE,
    notified_on            DATE,
    carer_name             TEXT,
    carer_relationship     TEXT,
    carer_phone            TEXT,
    carer_email            TEXT,
    social_worker_name     TEXT,
    social_worker_email    TEXT,
    team                   TEXT,
    transferring_authority TEXT,
    contact_warning        TEXT,
    fingerprint            TEXT NOT NULL,
    created_at             TIMESTAMP NOT NULL,
    version                INTEGER NOT NULL,
    UNIQUE (conference_id, child_ref)
);
CREATE INDEX conference_children_by_young_person ON conference_children (young_person_id, held_on);
CREATE INDEX conference_children_by_day ON conference_children (held_on);

CREATE TABLE referrals (
    id                    TEXT PRIMARY KEY NOT NULL,
    young_person_id       TEXT NOT NULL REFERENCES young_people (id),
    stream                TEXT NOT NULL,
    source                TEXT NOT NULL,
    conference_child_id   TEXT UNIQUE REFERENCES conference_children (id),
    external_source       TEXT,
    external_ref          TEXT,
    received_on           DATE NOT NULL,
    remit                 TEXT,
    legal_status          TEXT,
    secure_order          BOOLEAN NOT NULL,
    reason                TEXT,
    topics                TEXT NOT NULL,
    outcome               TEXT NOT NULL,
    outcome_on            DATE,
    outcome_note          TEXT,
    withdrawal            TEXT,
    decision_needed       TEXT,
    officer_id            TEXT REFERENCES users (id),
    parent_contacted_on   DATE,
    permission            TEXT,
    permission_on         DATE,
    young_person_asked_on DATE,
    answer                TEXT,
    answer_on             DATE,
    fingerprint           TEXT,
    created_at            TIMESTAMP NOT NULL,
    version               INTEGER NOT NULL,
    UNIQUE (external_source, external_ref)
);
CREATE INDEX referrals_by_young_person ON referrals (young_person_id);
CREATE INDEX referrals_by_day ON referrals (received_on);
CREATE INDEX referrals_by_outcome ON referrals (outcome, received_on);

CREATE TABLE referral_attempts (
    id          TEXT PRIMARY KEY NOT NULL,
    referral_id TEXT NOT NULL REFERENCES referrals (id),
    made_on     DATE NOT NULL,
    method      TEXT NOT NULL,
    with_whom   TEXT NOT NULL,
    reached     BOOLEAN NOT NULL,
    note        TEXT NOT NULL,
    made_by     TEXT NOT NULL REFERENCES users (id),
    created_at  TIMESTAMP NOT NULL
);
CREATE INDEX referral_attempts_by_referral ON referral_attempts (referral_id, made_on);

CREATE TABLE cases (
    id              TEXT PRIMARY KEY NOT NULL,
    referral_id     TEXT NOT NULL UNIQUE REFERENCES referrals (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    stream          TEXT NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    version         INTEGER NOT NULL
);
CREATE INDEX cases_by_young_person ON cases (young_person_id);

-- A case is open in spells: one from opening to closing, one more for each reopening.
CREATE TABLE case_spells (
    id             TEXT PRIMARY KEY NOT NULL,
    case_id        TEXT NOT NULL REFERENCES cases (id),
    opened_on      DATE NOT NULL,
    opening_note   TEXT,
    closed_on      DATE,
    closure_reason TEXT,
    closing_note   TEXT
);
CREATE INDEX case_spells_by_case ON case_spells (case_id, opened_on, closed_on);

CREATE TABLE allocations (
    id         TEXT PRIMARY KEY NOT NULL,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    officer_id TEXT NOT NULL REFERENCES users (id),
    from_on    DATE NOT NULL,
    to_on      DATE,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX allocations_by_case ON allocations (case_id, from_on);
CREATE INDEX allocations_by_officer ON allocations (officer_id, to_on);

CREATE TABLE meetings (
    id              TEXT PRIMARY KEY NOT NULL,
    referral_id     TEXT NOT NULL REFERENCES referrals (id),
    held_on         DATE NOT NULL,
    kind            TEXT NOT NULL,
    attendance      TEXT NOT NULL,
    external_source TEXT,
    external_ref    TEXT,
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (external_source, external_ref)
);
CREATE INDEX meetings_by_referral ON meetings (referral_id, held_on);
CREATE INDEX meetings_by_day ON meetings (held_on);

CREATE TABLE complaints (
    id              TEXT PRIMARY KEY NOT NULL,
    referral_id     TEXT NOT NULL REFERENCES referrals (id),
    kind            TEXT NOT NULL,
    procedure       TEXT,
    stage           TEXT,
    received_on     DATE NOT NULL,
    responded_on    DATE,
    outcome         TEXT,
    external_source TEXT,
    external_ref    TEXT,
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (external_source, external_ref)
);
CREATE INDEX complaints_by_referral ON complaints (referral_id, received_on);

-- A manager who opens a named record says why; the senior officer sees it.
CREATE TABLE stated_reasons (
    id              TEXT PRIMARY KEY NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    reason          TEXT NOT NULL,
    stated_at       TIMESTAMP NOT NULL,
    ends_at         TIMESTAMP NOT NULL
);
CREATE INDEX stated_reasons_by_young_person ON stated_reasons (young_person_id, ends_at);
