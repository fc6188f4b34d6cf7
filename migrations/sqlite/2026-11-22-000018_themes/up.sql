-- What a field said before it was changed, where it belongs to no young person: lists and themes.
CREATE TABLE common_history (
    id           TEXT PRIMARY KEY NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    field        TEXT NOT NULL,
    before_text  TEXT,
    after_text   TEXT,
    changed_by   TEXT NOT NULL,
    changed_at   TEXT NOT NULL
) STRICT;
CREATE INDEX common_history_by_subject ON common_history (subject_kind, subject_id, changed_at);

ALTER TABLE list_entries ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

INSERT INTO list_entries (list, code, label, position, retired_on) VALUES
('outcome', 'increased_voice', 'Increased voice', 1, NULL),
('outcome', 'increased_safety', 'Increased safety', 2, NULL),
('outcome', 'raised_confidence', 'Raised confidence', 3, NULL),
('outcome', 'improved_mental_health', 'Improved mental health', 4, NULL),
('outcome', 'improved_behaviour', 'Improved behaviour', 5, NULL),
('outcome', 'positive_relationships', 'Positive relationships with professionals', 6, NULL),
('outcome', 'social_skills', 'Social skills', 7, NULL),
('outcome', 'complaint_resolved', 'Successful resolution of complaint', 8, NULL),
('outcome', 'change_of_social_worker', 'Change of social worker', 9, NULL);

-- What changed for a young person, by the tags of a list.
CREATE TABLE outcomes (
    id              TEXT PRIMARY KEY NOT NULL,
    case_id         TEXT NOT NULL REFERENCES cases (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    tag             TEXT NOT NULL,
    seen_on         TEXT NOT NULL,
    said_by         TEXT NOT NULL,
    note            TEXT,
    added_by        TEXT NOT NULL,
    removed_on      TEXT,
    created_at      TEXT NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX outcomes_by_case ON outcomes (case_id, seen_on);
CREATE INDEX outcomes_by_young_person ON outcomes (young_person_id);
CREATE INDEX outcomes_by_day ON outcomes (seen_on);

-- What many cases have in common, put to the council as an ask. How it stands follows from its days.
CREATE TABLE themes (
    id           TEXT PRIMARY KEY NOT NULL,
    title        TEXT NOT NULL,
    they_say     TEXT NOT NULL,
    ask          TEXT,
    asked_whom   TEXT,
    asked_on     TEXT,
    answer       TEXT,
    answered_on  TEXT,
    you_said     TEXT,
    we_did       TEXT,
    told_on      TEXT,
    closed_on    TEXT,
    closing_note TEXT,
    begun_by     TEXT NOT NULL,
    begun_on     TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    version      INTEGER NOT NULL
) STRICT;
CREATE INDEX themes_by_day ON themes (begun_on);

CREATE TABLE theme_cases (
    id              TEXT PRIMARY KEY NOT NULL,
    theme_id        TEXT NOT NULL REFERENCES themes (id),
    case_id         TEXT NOT NULL REFERENCES cases (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    said            TEXT NOT NULL,
    added_by        TEXT NOT NULL,
    added_on        TEXT NOT NULL,
    taken_out_on    TEXT,
    taken_out_by    TEXT,
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX theme_cases_by_theme ON theme_cases (theme_id, taken_out_on);
CREATE INDEX theme_cases_by_case ON theme_cases (case_id, taken_out_on);
CREATE INDEX theme_cases_by_young_person ON theme_cases (young_person_id);

-- One case told without saying whose it is.
CREATE TABLE case_studies (
    id                   TEXT PRIMARY KEY NOT NULL,
    case_id              TEXT NOT NULL REFERENCES cases (id),
    young_person_id      TEXT NOT NULL REFERENCES young_people (id),
    title                TEXT NOT NULL,
    initials             TEXT NOT NULL,
    age_band             TEXT NOT NULL,
    worries              TEXT NOT NULL,
    worked_well          TEXT NOT NULL,
    outcome              TEXT NOT NULL,
    state                TEXT NOT NULL,
    consent_by           TEXT,
    consent_how          TEXT,
    consent_for          TEXT,
    consent_on           TEXT,
    consent_withdrawn_on TEXT,
    checked_by           TEXT,
    checked_on           TEXT,
    published_by         TEXT,
    published_on         TEXT,
    published_text       TEXT,
    withdrawn_on         TEXT,
    withdrawn_why        TEXT,
    written_by           TEXT NOT NULL,
    created_at           TEXT NOT NULL,
    version              INTEGER NOT NULL
) STRICT;
CREATE INDEX case_studies_by_case ON case_studies (case_id);
CREATE INDEX case_studies_by_young_person ON case_studies (young_person_id);
CREATE INDEX case_studies_by_state ON case_studies (state, published_on);

-- What the check of a case study found and somebody looked at and let stand, with their reason.
CREATE TABLE case_study_looks (
    id            TEXT PRIMARY KEY NOT NULL,
    case_study_id TEXT NOT NULL REFERENCES case_studies (id),
    finding       TEXT NOT NULL,
    reason        TEXT NOT NULL,
    looked_by     TEXT NOT NULL,
    looked_at     TEXT NOT NULL
) STRICT;
CREATE INDEX case_study_looks_by_case_study ON case_study_looks (case_study_id);
