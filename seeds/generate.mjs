// Makes the example year: invented young people whose records come to the printed figures of a real annual report.
//
// Leicestershire's Corporate Parenting Team published its counts for 1 April 2021 to 31 March 2022, and no records
// behind them. This script makes up records that give those counts: it chooses rows to fit. Where the report gives a
// count, the script has a plan for it (so many referrals of this source, ages in these bands, a mean of so many
// weeks); everything the report does not say, such as names, dates, brothers and sisters, and who attended which
// meeting, comes from a seeded random number generator and is believable at best. Every person in the files is
// invented. The product does not know the figures: its report counts these rows like any others.
//
//   node seeds/generate.mjs            writes leicestershire-2021-22/*.csv and example-schedule.csv, then checks them
//   node seeds/generate.mjs --check    only checks the files that are there
//
// The check reads the files again and counts every figure; it ends with 1 if one differs. The same seed gives the
// same files, byte for byte. Node 18 or newer, no packages.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildCare } from './parts/care.mjs';
import { check } from './parts/check.mjs';
import { buildChildProtection } from './parts/child-protection.mjs';
import { parseCsv, toCsv } from './parts/csv.mjs';
import { YEAR_END, YEAR_START, iso } from './parts/dates.mjs';
import { assignOfficers } from './parts/officers.mjs';
import { People } from './parts/people.mjs';
import { Random } from './parts/random.mjs';
import { SCHEDULE_COLUMNS, exampleSchedule } from './parts/schedule.mjs';

// Not every seed can meet the plan (the script then stops and says what did not fit); this one does.
const SEED = 15;
const HERE = dirname(fileURLToPath(import.meta.url));
const FILES = {
  referrals: join('leicestershire-2021-22', 'referrals.csv'),
  meetings: join('leicestershire-2021-22', 'meetings.csv'),
  complaints: join('leicestershire-2021-22', 'complaints.csv'),
  schedule: 'example-schedule.csv',
};
const COLUMNS = {
  referrals: [
    'referral_ref', 'child_ref', 'first_name', 'last_name', 'date_of_birth', 'gender', 'ethnicity', 'stream', 'source', 'received_on',
    'legal_status', 'reason', 'topics', 'decision', 'outcome', 'opened_on', 'closed_on', 'closure_reason', 'officer',
  ],
  meetings: ['referral_ref', 'held_on', 'type', 'attendance'],
  complaints: ['referral_ref', 'kind', 'procedure', 'stage', 'received_on', 'responded_on', 'outcome'],
  schedule: SCHEDULE_COLUMNS,
};

/** All rows of all files. */
function build() {
  const rng = new Random(SEED);
  const people = new People(rng);
  const childProtection = buildChildProtection(rng, people);
  const care = buildCare(rng, people, childProtection.referrals);
  const referrals = [...childProtection.referrals, ...care.referrals].sort((a, b) => a.received - b.received);
  assignOfficers(rng, referrals);
  numberReferrals(referrals);
  const byDate = (a, b) => a.held_on?.localeCompare(b.held_on) || a.received_on?.localeCompare(b.received_on)
    || a.referral_ref.localeCompare(b.referral_ref);
  return {
    referrals: referrals.map(referralRow),
    meetings: [...childProtection.meetings, ...care.meetings].map(meetingRow).sort(byDate),
    complaints: care.complaints.map(complaintRow).sort(byDate),
    schedule: exampleSchedule(referrals),
  };
}

/** References such as CRS-2122-0031: the financial year, and the number in order of receipt. */
function numberReferrals(referrals) {
  const lastNumber = {};
  for (const r of referrals) {
    const year = r.received < YEAR_START ? '2021' : r.received <= YEAR_END ? '2122' : '2223';
    // March 2021 is the end of a year whose earlier referrals are not here.
    lastNumber[year] = (lastNumber[year] ?? (year === '2021' ? 301 : 0)) + 1;
    r.ref = `CRS-${year}-${String(lastNumber[year]).padStart(4, '0')}`;
  }
}

const dateOrBlank = (d) => (d === undefined || d === null ? '' : iso(d));

function referralRow(r) {
  return {
    referral_ref: r.ref, child_ref: r.person.ref, first_name: r.person.first, last_name: r.person.last, date_of_birth: iso(r.person.born),
    gender: r.person.gender, ethnicity: r.person.ethnicity, stream: r.stream, source: r.source, received_on: iso(r.received),
    legal_status: r.status, reason: r.reason, topics: r.topics.join(';'), decision: r.decision, outcome: r.outcome,
    opened_on: dateOrBlank(r.opened), closed_on: dateOrBlank(r.closed), closure_reason: r.closureReason, officer: r.officer,
  };
}

const meetingRow = ({ referral, held, type, attendance }) => ({ referral_ref: referral.ref, held_on: iso(held), type, attendance });

const complaintRow = (c) => ({
  referral_ref: c.referral.ref, kind: c.kind, procedure: c.procedure, stage: c.stage, received_on: iso(c.received),
  responded_on: iso(c.responded), outcome: c.outcome,
});

function write(rows) {
  for (const [name, path] of Object.entries(FILES)) {
    const file = join(HERE, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, toCsv(COLUMNS[name], rows[name]));
  }
}

const readBack = () => Object.fromEntries(Object.entries(FILES).map(([name, path]) => [name, parseCsv(readFileSync(join(HERE, path), 'utf8'))]));

if (!process.argv.includes('--check')) write(build());
if (!check(readBack())) process.exit(1);
