-- The bank holidays that are known, and the days on which the office is closed. Only the first
-- move a statutory date.
CREATE TABLE bank_holidays (
    held_on TEXT PRIMARY KEY NOT NULL,
    title   TEXT NOT NULL
) STRICT;
CREATE TABLE office_closures (
    closed_on TEXT PRIMARY KEY NOT NULL,
    reason    TEXT NOT NULL
) STRICT;

-- What the record of a complaint holds besides what moved in. It is open until it has a day of
-- closing.
ALTER TABLE complaints ADD COLUMN matter_on TEXT;
ALTER TABLE complaints ADD COLUMN about TEXT;
ALTER TABLE complaints ADD COLUMN complained_about TEXT;
ALTER TABLE complaints ADD COLUMN advocate INTEGER;
ALTER TABLE complaints ADD COLUMN late_reason TEXT;
ALTER TABLE complaints ADD COLUMN learning TEXT;
ALTER TABLE complaints ADD COLUMN closed_on TEXT;
ALTER TABLE complaints ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- One that moved in with its answer is over.
UPDATE complaints SET closed_on = COALESCE(responded_on, received_on) WHERE responded_on IS NOT NULL OR outcome IS NOT NULL;
CREATE INDEX complaints_by_closing ON complaints (closed_on, received_on);

-- What was done about a complaint: each step once, with its day.
CREATE TABLE complaint_steps (
    id           TEXT PRIMARY KEY NOT NULL,
    complaint_id TEXT NOT NULL REFERENCES complaints (id),
    step         TEXT NOT NULL,
    done_on      TEXT NOT NULL,
    outcome      TEXT,
    who          TEXT,
    note         TEXT,
    recorded_by  TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    UNIQUE (complaint_id, step)
) STRICT;

-- The answers of those that moved in, as steps.
INSERT INTO complaint_steps (id, complaint_id, step, done_on, outcome, who, note, recorded_by, created_at)
SELECT id, id,
    CASE
        WHEN kind = 'informal' THEN 'informal_answer'
        WHEN stage LIKE '%3%' THEN 'authority_response'
        WHEN stage LIKE '%2%' THEN 'stage_2_response'
        ELSE 'stage_1_response'
    END,
    responded_on, outcome, NULL, NULL, 'moved in', created_at
FROM complaints WHERE responded_on IS NOT NULL;

-- The bank holidays in England from 2019 to 2028, as the government announced them.
INSERT INTO bank_holidays (held_on, title) VALUES
('2019-01-01', 'New Year’s Day'),
('2019-04-19', 'Good Friday'),
('2019-04-22', 'Easter Monday'),
('2019-05-06', 'Early May bank holiday'),
('2019-05-27', 'Spring bank holiday'),
('2019-08-26', 'Summer bank holiday'),
('2019-12-25', 'Christmas Day'),
('2019-12-26', 'Boxing Day'),
('2020-01-01', 'New Year’s Day'),
('2020-04-10', 'Good Friday'),
('2020-04-13', 'Easter Monday'),
('2020-05-08', 'Early May bank holiday (VE day)'),
('2020-05-25', 'Spring bank holiday'),
('2020-08-31', 'Summer bank holiday'),
('2020-12-25', 'Christmas Day'),
('2020-12-28', 'Boxing Day'),
('2021-01-01', 'New Year’s Day'),
('2021-04-02', 'Good Friday'),
('2021-04-05', 'Easter Monday'),
('2021-05-03', 'Early May bank holiday'),
('2021-05-31', 'Spring bank holiday'),
('2021-08-30', 'Summer bank holiday'),
('2021-12-27', 'Christmas Day'),
('2021-12-28', 'Boxing Day'),
('2022-01-03', 'New Year’s Day'),
('2022-04-15', 'Good Friday'),
('2022-04-18', 'Easter Monday'),
('2022-05-02', 'Early May bank holiday'),
('2022-06-02', 'Spring bank holiday'),
('2022-06-03', 'Platinum Jubilee bank holiday'),
('2022-08-29', 'Summer bank holiday'),
('2022-09-19', 'Bank Holiday for the State Funeral of Queen Elizabeth II'),
('2022-12-26', 'Boxing Day'),
('2022-12-27', 'Christmas Day'),
('2023-01-02', 'New Year’s Day'),
('2023-04-07', 'Good Friday'),
('2023-04-10', 'Easter Monday'),
('2023-05-01', 'Early May bank holiday'),
('2023-05-08', 'Bank holiday for the coronation of King Charles III'),
('2023-05-29', 'Spring bank holiday'),
('2023-08-28', 'Summer bank holiday'),
('2023-12-25', 'Christmas Day'),
('2023-12-26', 'Boxing Day'),
('2024-01-01', 'New Year’s Day'),
('2024-03-29', 'Good Friday'),
('2024-04-01', 'Easter Monday'),
('2024-05-06', 'Early May bank holiday'),
('2024-05-27', 'Spring bank holiday'),
('2024-08-26', 'Summer bank holiday'),
('2024-12-25', 'Christmas Day'),
('2024-12-26', 'Boxing Day'),
('2025-01-01', 'New Year’s Day'),
('2025-04-18', 'Good Friday'),
('2025-04-21', 'Easter Monday'),
('2025-05-05', 'Early May bank holiday'),
('2025-05-26', 'Spring bank holiday'),
('2025-08-25', 'Summer bank holiday'),
('2025-12-25', 'Christmas Day'),
('2025-12-26', 'Boxing Day'),
('2026-01-01', 'New Year’s Day'),
('2026-04-03', 'Good Friday'),
('2026-04-06', 'Easter Monday'),
('2026-05-04', 'Early May bank holiday'),
('2026-05-25', 'Spring bank holiday'),
('2026-08-31', 'Summer bank holiday'),
('2026-12-25', 'Christmas Day'),
('2026-12-28', 'Boxing Day'),
('2027-01-01', 'New Year’s Day'),
('2027-03-26', 'Good Friday'),
('2027-03-29', 'Easter Monday'),
('2027-05-03', 'Early May bank holiday'),
('2027-05-31', 'Spring bank holiday'),
('2027-08-30', 'Summer bank holiday'),
('2027-12-27', 'Christmas Day'),
('2027-12-28', 'Boxing Day'),
('2028-01-03', 'New Year’s Day'),
('2028-04-14', 'Good Friday'),
('2028-04-17', 'Easter Monday'),
('2028-05-01', 'Early May bank holiday'),
('2028-05-29', 'Spring bank holiday'),
('2028-08-28', 'Summer bank holiday'),
('2028-12-25', 'Christmas Day'),
('2028-12-26', 'Boxing Day');
