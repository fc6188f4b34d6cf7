// Makes a service as big as a county's after ten years, to see how the pages look and how fast they are: invented young
// people with referrals and cases, most of them closed, and a conference schedule for the weeks ahead.
//
//   node seeds/many.mjs FOLDER [YOUNG PEOPLE, 5000] [TODAY]
//   heard import history FOLDER/history
//   heard import conferences FOLDER/schedule.csv
//
// Names are put together anew from those of the seeds. The same numbers give the same files.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseCsv, toCsv } from './parts/csv.mjs';
import { day, iso } from './parts/dates.mjs';
import { Random } from './parts/random.mjs';

const [folder, count = '5000', today = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (!folder) {
  console.error('Say where to: node seeds/many.mjs FOLDER');
  process.exit(2);
}
const NOW = day(today);
const HERE = dirname(fileURLToPath(import.meta.url));
const OFFICERS = ['priya.nair', 'marcus.adeyemi', 'ellen.whitcombe', 'siobhan.keating', 'tomasz.wilk'].map((it) => `${it}@heard.example`);
const COLUMNS = ['referral_ref', 'child_ref', 'first_name', 'last_name', 'date_of_birth', 'stream', 'source', 'received_on', 'legal_status', 'reason',
  'decision', 'outcome', 'opened_on', 'closed_on', 'closure_reason', 'officer'];
const MEETING_COLUMNS = ['referral_ref', 'held_on', 'type', 'attendance'];
const SCHEDULE_COLUMNS = ['conference_ref', 'conference_type', 'conference_date', 'status', 'child_ref', 'first_name', 'last_name', 'date_of_birth'];

const rng = new Random(5000);
const known = parseCsv(readFileSync(join(HERE, 'leicestershire-2021-22', 'referrals.csv'), 'utf8'));
const firsts = known.map((row) => row.first_name);
const lasts = known.map((row) => row.last_name);

const referrals = [];
const meetings = [];
const schedule = [];
const OPEN = 190; // about what five officers carry

for (let number = 0; number < Number(count); number += 1) {
  const who = {
    child_ref: `BIG${100_000 + number}`, first_name: rng.pick(firsts), last_name: rng.pick(lasts),
    date_of_birth: iso(NOW - rng.int(11 * 366, 17 * 365)),
  };
  // Every fiftieth waits: on a conference in the weeks ahead, two children on each.
  if (number % 50 === 0) {
    schedule.push({
      ...who, conference_ref: `BIG-C${Math.floor(schedule.length / 2)}`, conference_type: 'initial', status: 'scheduled',
      conference_date: iso(NOW + 3 + Math.floor(schedule.length / 2) % 24),
    });
    continue;
  }
  const received = NOW - rng.int(20, 3650);
  const isOpen = number <= OPEN * 1.05 && number % 50 !== 0;
  const start = isOpen ? NOW - rng.int(20, 300) : received;
  const care = rng.chance(0.3);
  const accepted = isOpen || rng.chance(0.6);
  const opened = start + rng.int(0, 12);
  const closed = opened + rng.int(14, 400);
  referrals.push({
    ...who, referral_ref: `BIG-${number}`, stream: care ? 'care' : 'child_protection',
    source: care ? 'social_worker' : 'automatic_initial_conference', received_on: iso(start), legal_status: care ? 'care_order' : '', reason: care ? 'meetings_support' : '',
    decision: 'in_remit', outcome: accepted ? 'accepted' : rng.pick(['no_response', 'declined_by_young_person', 'declined_by_parent']),
    opened_on: accepted ? iso(opened) : '', closed_on: accepted && !isOpen && closed < NOW ? iso(closed) : '',
    closure_reason: accepted && !isOpen && closed < NOW ? 'Child protection plan ended' : '', officer: rng.pick(OFFICERS),
  });
  const last = accepted ? Math.min(isOpen ? NOW : closed, NOW) : 0;
  for (let held = opened + 10; accepted && held <= last; held += rng.int(20, 80)) {
    meetings.push({
      referral_ref: `BIG-${number}`, held_on: iso(held), type: care ? 'review_of_arrangements' : 'core_group',
      attendance: rng.pick(['officer_for_child', 'child_with_officer', 'neither']),
    });
  }
}

mkdirSync(join(folder, 'history'), { recursive: true });
writeFileSync(join(folder, 'history', 'referrals.csv'), toCsv(COLUMNS, referrals));
writeFileSync(join(folder, 'history', 'meetings.csv'), toCsv(MEETING_COLUMNS, meetings));
writeFileSync(join(folder, 'history', 'complaints.csv'), 'referral_ref,kind,procedure,stage,received_on,responded_on,outcome\n');
writeFileSync(join(folder, 'schedule.csv'), toCsv(SCHEDULE_COLUMNS, schedule));
const open = referrals.filter((it) => it.opened_on && !it.closed_on).length;
console.log(`${count} young people: ${referrals.length} referrals, ${open} open cases, ${meetings.length} meetings, ${schedule.length} on conferences ahead`);
