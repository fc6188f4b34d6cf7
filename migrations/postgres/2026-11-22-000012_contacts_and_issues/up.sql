-- Contacts, what is to be done, and the issues inside a case.

CREATE TABLE contacts (
    id           TEXT PRIMARY KEY NOT NULL,
    method       TEXT NOT NULL,
    made         BOOLEAN NOT NULL,
    made_on      DATE NOT NULL,
    with_whom    TEXT NOT NULL,
    with_name    TEXT,
    minutes      INTEGER,
    note         TEXT,
    error_reason TEXT,
    recorded_by  TEXT NOT NULL REFERENCES users (id),
    created_at   TIMESTAMP NOT NULL,
    version      INTEGER NOT NULL
);
CREATE INDEX contacts_by_day ON contacts (made_on);

-- About whom a contact was: each case with its own note and the young person's own words.
CREATE TABLE contact_people (
    contact_id      TEXT NOT NULL REFERENCES contacts (id),
    case_id         TEXT NOT NULL REFERENCES cases (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    note            TEXT,
    own_words       TEXT,
    PRIMARY KEY (contact_id, case_id)
);
CREATE INDEX contact_people_by_case ON contact_people (case_id, contact_id);
CREATE INDEX contact_people_by_young_person ON contact_people (young_person_id);

CREATE TABLE tasks (
    id         TEXT PRIMARY KEY NOT NULL,
    officer_id TEXT NOT NULL REFERENCES users (id),
    what       TEXT NOT NULL,
    due_on     DATE NOT NULL,
    contact_id TEXT REFERENCES contacts (id),
    made_by    TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    done_on    DATE,
    done_by    TEXT REFERENCES users (id),
    version    INTEGER NOT NULL
);
CREATE INDEX tasks_by_officer ON tasks (officer_id, done_on, due_on);
CREATE INDEX tasks_by_day ON tasks (done_on, due_on);
CREATE INDEX tasks_by_contact ON tasks (contact_id);

CREATE TABLE task_people (
    task_id         TEXT NOT NULL REFERENCES tasks (id),
    case_id         TEXT NOT NULL REFERENCES cases (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    PRIMARY KEY (task_id, case_id)
);
CREATE INDEX task_people_by_case ON task_people (case_id);
CREATE INDEX task_people_by_young_person ON task_people (young_person_id);

CREATE TABLE issues (
    id              TEXT PRIMARY KEY NOT NULL,
    case_id         TEXT NOT NULL REFERENCES cases (id),
    young_person_id TEXT NOT NULL REFERENCES young_people (id),
    wish            TEXT NOT NULL,
    instructed      BOOLEAN NOT NULL,
    basis           TEXT,
    asked_name      TEXT,
    asked_role      TEXT,
    asked_on        DATE,
    answered_on     DATE,
    space           TEXT,
    voice           TEXT,
    audience_name   TEXT,
    audience_on     DATE,
    influence       TEXT,
    opened_by       TEXT NOT NULL REFERENCES users (id),
    created_at      TIMESTAMP NOT NULL,
    version         INTEGER NOT NULL
);
CREATE INDEX issues_by_case ON issues (case_id);
CREATE INDEX issues_by_young_person ON issues (young_person_id);

CREATE TABLE issue_topics (
    issue_id TEXT NOT NULL REFERENCES issues (id),
    topic    TEXT NOT NULL,
    PRIMARY KEY (issue_id, topic)
);
CREATE INDEX issue_topics_by_topic ON issue_topics (topic);

-- An issue is open in spells, as a case is: number 1 from its opening, one more for each reopening.
CREATE TABLE issue_spells (
    id           TEXT PRIMARY KEY NOT NULL,
    issue_id     TEXT NOT NULL REFERENCES issues (id),
    number       INTEGER NOT NULL,
    opened_on    DATE NOT NULL,
    opening_note TEXT,
    closed_on    DATE,
    result       TEXT,
    how          TEXT,
    closing_note TEXT,
    UNIQUE (issue_id, number)
);
CREATE INDEX issue_spells_by_opening ON issue_spells (opened_on, number);
CREATE INDEX issue_spells_by_closing ON issue_spells (closed_on);

INSERT INTO list_entries (list, code, label, position, retired_on) VALUES
('issue_topic', 'heard_in_decisions', 'Being heard when decisions are made', 1, NULL),
('issue_topic', 'meetings_support', 'Support at meetings', 2, NULL),
('issue_topic', 'safety', 'Feeling safe', 3, NULL),
('issue_topic', 'contact', 'Family time', 4, NULL),
('issue_topic', 'brothers_and_sisters', 'Living with or seeing brothers and sisters', 5, NULL),
('issue_topic', 'placement', 'Where they live', 6, NULL),
('issue_topic', 'change_of_social_worker', 'Change of social worker', 7, NULL),
('issue_topic', 'social_worker_relationship', 'How the social worker works with them', 8, NULL),
('issue_topic', 'education', 'School or college', 9, NULL),
('issue_topic', 'health', 'Health and wellbeing', 10, NULL),
('issue_topic', 'money', 'Money, savings and belongings', 11, NULL),
('issue_topic', 'leaving_care', 'Leaving care', 12, NULL),
('issue_topic', 'housing', 'Housing (18 and over)', 13, NULL),
('issue_topic', 'own_child', 'Support regarding their own child', 14, NULL),
('issue_topic', 'access_to_records', 'Access to records', 15, NULL),
('issue_topic', 'rights_and_entitlements', 'Explain rights and entitlements', 16, NULL),
('issue_topic', 'legal_advice', 'Access to independent legal advice', 17, NULL),
('issue_topic', 'court_support', 'Court support', 18, NULL),
('issue_topic', 'secure_accommodation', 'Secure accommodation', 19, NULL),
('issue_topic', 'informal_complaint', 'Informal complaint', 20, NULL),
('issue_topic', 'formal_complaint', 'Formal complaint', 21, NULL),
('issue_topic', 'other', 'Something else', 22, NULL);
