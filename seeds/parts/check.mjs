// Counts the year's figures again from the files alone, and checks what has to hold of every row.
// It shares nothing with the code that chose the rows but the reading of CSV and of dates.

import { YEAR_END, YEAR_START, ageOn, day, isHoliday, isWeekend, workingDaysBetween } from './dates.mjs';

/** The printed figures of the annual report for 1 April 2021 to 31 March 2022. */
const TARGETS = {
  'cp.referrals.source': { automatic_initial_conference: 240, automatic_receiving_in_conference: 4, social_worker: 10 },
  'cp.referrals.outcome': { accepted: 85, not_accepted: 169 },
  'cp.supported.age': { '13_and_over': 53, under_13: 32 },
  'cp.cases.state': { closed: 36, open: 49, mean_weeks_open: 18 },
  'care.referrals.remit': { in_remit: 83, out_of_remit: 5 },
  'care.referrals.legal_status': { care_leaver: 16, s20: 21, interim_care_order: 4, care_order: 39, secure_order: 2, placement_order: 1 },
  'care.referrals.reason': {
    meetings_support: 3, informal_complaint: 4, formal_complaint: 7, rights_and_entitlements: 10, legal_advice: 1, court_support: 3,
    secure_accommodation: 2, access_to_records: 1, change_of_social_worker: 1, education: 1, own_child: 6, contact: 6, placement: 14,
    housing: 5, other: 19,
  },
  'care.referrals.progress': { supported: 77, not_progressed: 6 },
  'care.supported.age': { children: 77, youngest: 7, oldest: 22, mean_age: 16 },
  'care.meetings.attendance': { officer_for_child: 16, child_with_officer: 55, child_alone: 1 },
  'care.meetings.type': {
    review_of_arrangements: 29, placement_stability: 5, secure_review: 2, legal: 3, own_child: 17, education: 1, professionals: 8,
    post_placement: 1, other: 6,
  },
  'care.cases.state': { closed: 39, open: 38, mean_weeks_open: 15 },
};

const OUTCOMES = [
  'accepted', 'declined_by_young_person', 'declined_by_parent', 'declined_not_known_if_told', 'no_response', 'changed_mind', 'withdrawn', 'pending',
];
const CARE_ONLY = ['self', 'parent_or_carer', 'personal_adviser', 'reviewing_officer', 'residential_home', 'other_professional'];
const CP_MEETINGS = ['initial_conference', 'review_conference', 'receiving_in_conference', 'core_group', 'child_in_need'];

const inYear = (isoDate) => isoDate && day(isoDate) >= YEAR_START && day(isoDate) <= YEAR_END;
const roundHalfUp = (number) => Math.floor(number + 0.5);
const mean = (numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
const ageReceived = (r) => ageOn(day(r.date_of_birth), day(r.received_on));

function tally(rows, key) {
  const counts = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}

/** One row for each child. */
const children = (rows) => [...new Map(rows.map((row) => [row.child_ref, row])).values()];

function caseState(accepted) {
  const closed = accepted.filter((r) => r.closed_on && day(r.closed_on) <= YEAR_END);
  return {
    closed: closed.length,
    open: accepted.length - closed.length,
    mean_weeks_open: roundHalfUp(mean(closed.map((r) => (day(r.closed_on) - day(r.opened_on)) / 7))),
  };
}

/** Every figure of the report, counted from the rows. */
export function countFigures({ referrals, meetings }) {
  const received = referrals.filter((r) => inYear(r.received_on));
  const cp = received.filter((r) => r.stream === 'child_protection');
  const cpAccepted = cp.filter((r) => r.outcome === 'accepted');
  const care = received.filter((r) => r.stream === 'care');
  const inRemit = care.filter((r) => r.decision === 'in_remit');
  const careAccepted = inRemit.filter((r) => r.outcome === 'accepted');
  const careAges = children(careAccepted).map(ageReceived);
  const streamOf = new Map(referrals.map((r) => [r.referral_ref, r.stream]));
  const careMeetings = meetings.filter((m) => inYear(m.held_on) && streamOf.get(m.referral_ref) === 'care');
  return {
    'cp.referrals.source': tally(cp, (r) => r.source),
    'cp.referrals.outcome': tally(cp, (r) => (r.outcome === 'accepted' ? 'accepted' : 'not_accepted')),
    'cp.supported.age': tally(children(cpAccepted), (r) => (ageReceived(r) >= 13 ? '13_and_over' : 'under_13')),
    'cp.cases.state': caseState(cpAccepted),
    'care.referrals.remit': tally(care, (r) => r.decision),
    'care.referrals.legal_status': tally(inRemit, (r) => r.legal_status),
    'care.referrals.reason': tally(inRemit, (r) => r.reason),
    'care.referrals.progress': tally(inRemit, (r) => (r.outcome === 'accepted' ? 'supported' : 'not_progressed')),
    'care.supported.age': {
      children: careAges.length, youngest: Math.min(...careAges), oldest: Math.max(...careAges), mean_age: roundHalfUp(mean(careAges)),
    },
    'care.meetings.attendance': tally(careMeetings, (m) => m.attendance),
    'care.meetings.type': tally(careMeetings, (m) => m.type),
    'care.cases.state': caseState(careAccepted),
  };
}

/** [what, wanted, found] for every figure, also for one that is found and not wanted. */
function compareFigures(files) {
  const figures = countFigures(files);
  return Object.entries(TARGETS).flatMap(([table, wanted]) => {
    const rows = new Set([...Object.keys(wanted), ...Object.keys(figures[table])]);
    return [...rows].map((row) => [`${table} ${row}`, wanted[row] ?? 0, figures[table][row] ?? 0]);
  });
}

/** [what, the rows that break it] for every rule. */
function brokenRules({ referrals, meetings, complaints, schedule }) {
  const byRef = new Map(referrals.map((r) => [r.referral_ref, r]));
  const cp = referrals.filter((r) => r.stream === 'child_protection');
  const care = referrals.filter((r) => r.stream === 'care');
  const careInRemit = care.filter((r) => r.decision === 'in_remit');
  const automatic = cp.filter((r) => r.source.startsWith('automatic'));
  const ordered = (...dates) => dates.filter(Boolean).every((d, n, list) => n === 0 || list[n - 1] <= d);
  const within = (r, date) => r?.opened_on && date >= r.opened_on && (!r.closed_on || date <= r.closed_on);
  const age = (r, low, high) => ageReceived(r) >= low && ageReceived(r) <= high;
  const dates = [...referrals.flatMap((r) => [r.received_on, r.opened_on, r.closed_on]), ...meetings.map((m) => m.held_on),
    ...complaints.flatMap((c) => [c.received_on, c.responded_on])].filter(Boolean);
  const people = tally(referrals, (r) => [r.child_ref, r.first_name, r.last_name, r.date_of_birth, r.gender, r.ethnicity].join('|'));
  return [
    ['referral references are unique', referrals.filter((r) => byRef.get(r.referral_ref) !== r)],
    ['one reference is one person', new Set(referrals.map((r) => r.child_ref)).size === Object.keys(people).length ? [] : ['people']],
    ['dates are in a possible order', referrals.filter((r) => !ordered(r.date_of_birth, r.received_on, r.opened_on, r.closed_on))],
    ['nothing on a bank holiday', dates.filter((d) => isHoliday(day(d)))],
    ['weekends only for a few referrals', dates.filter((d) => isWeekend(day(d))).slice(8)],
    ['known outcomes where in remit, none elsewhere', referrals.filter((r) => (r.decision === 'in_remit' ? !OUTCOMES.includes(r.outcome) : r.outcome))],
    ['accepted: a case with an officer; others: none', referrals.filter((r) => (r.outcome === 'accepted' ? !r.opened_on || !r.officer : r.opened_on || r.closed_on))],
    ['a reason for every closing', referrals.filter((r) => Boolean(r.closed_on) !== Boolean(r.closure_reason))],
    ['sources fit their stream', [...cp.filter((r) => CARE_ONLY.includes(r.source)), ...care.filter((r) => r.source.startsWith('automatic'))]],
    ['automatic referrals are aged 11 to 17', automatic.filter((r) => !age(r, 11, 17))],
    ['legal status and reason only in care and in remit', referrals.filter((r) => careInRemit.includes(r) !== Boolean(r.legal_status && r.reason))],
    ['care leavers are 16 and over', care.filter((r) => r.legal_status === 'care_leaver' && !age(r, 16, 25))],
    ['others in care are under 18', careInRemit.filter((r) => r.legal_status !== 'care_leaver' && !age(r, 4, 17))],
    ['housing is for 18 and over', care.filter((r) => r.reason === 'housing' && !age(r, 18, 25))],
    ['parents are 16 and over', care.filter((r) => r.reason === 'own_child' && !age(r, 16, 25))],
    ['secure accommodation has its order', care.filter((r) => (r.reason === 'secure_accommodation') !== (r.legal_status === 'secure_order'))],
    ['one open child protection referral a child', cp.filter((r) => cp.some((o) => o !== r && o.child_ref === r.child_ref
      && o.received_on <= r.received_on && (o.outcome === 'accepted' ? !o.closed_on || o.closed_on >= r.received_on : o.received_on === r.received_on)))],
    ['meetings lie inside an accepted case', meetings.filter((m) => !within(byRef.get(m.referral_ref), m.held_on))],
    ['meetings fit their stream', meetings.filter((m) => (byRef.get(m.referral_ref).stream === 'care') === CP_MEETINGS.includes(m.type))],
    ['one meeting a child a day', meetings.filter((m, n) => meetings.some((o, k) => k < n && o.referral_ref === m.referral_ref && o.held_on === m.held_on))],
    ['complaints lie inside an accepted case in care', complaints.filter((c) => !within(byRef.get(c.referral_ref), c.received_on)
      || !within(byRef.get(c.referral_ref), c.responded_on) || c.responded_on < c.received_on || byRef.get(c.referral_ref).stream !== 'care')],
    ['a procedure and a stage for formal complaints only', complaints.filter((c) => (c.kind === 'formal') !== Boolean(c.procedure && c.stage))],
    ['every complaint reason has its complaint', careInRemit.filter((r) => /_complaint$/.test(r.reason) && r.outcome === 'accepted'
      && !complaints.some((c) => c.referral_ref === r.referral_ref && `${c.kind}_complaint` === r.reason))],
    ['between 15 and 25 open cases an officer at the year end', Object.entries(openCaseloads(referrals)).filter(([, n]) => n < 15 || n > 25)],
    ['the edges of the year are used', edgesMissing({ referrals, meetings })],
    ['the schedule has 12 children on 5 conferences', schedule.length === 12 && new Set(schedule.map((s) => s.conference_ref)).size === 5 ? [] : schedule],
    ['the schedule lies in its dates, its referrals not yet notified', schedule.filter((s) => s.notified_on || s.conference_date < '2026-11-30' || s.conference_date > '2026-12-18')],
    ['one child of the schedule is unborn, one turns 11 that day', schedule.filter((s) => !s.date_of_birth).length === 1
      && schedule.some((s) => s.date_of_birth && s.date_of_birth.slice(5) === s.conference_date.slice(5) && ageOn(day(s.date_of_birth), day(s.conference_date)) === 11) ? [] : schedule],
    ['one child of the schedule has an open case in the year', schedule.filter((s) => cp.some((r) => r.child_ref === s.child_ref && r.opened_on && !r.closed_on
      && r.first_name === s.first_name && r.last_name === s.last_name && r.date_of_birth === s.date_of_birth)).length === 1 ? [] : schedule],
  ];
}

function openCaseloads(referrals) {
  const open = referrals.filter((r) => r.opened_on && day(r.opened_on) <= YEAR_END && (!r.closed_on || day(r.closed_on) > YEAR_END));
  return tally(open, (r) => r.officer);
}

/** Rows that have to be there for a period's edge, an age's edge and the as-at rule to matter. */
function edgesMissing({ referrals, meetings }) {
  const cp = referrals.filter((r) => r.stream === 'child_protection');
  const care = referrals.filter((r) => r.stream === 'care');
  const careRefs = new Set(care.map((r) => r.referral_ref));
  const accepted = cp.filter((r) => r.outcome === 'accepted');
  const tomorrow = (r) => ({ ...r, received_on: new Date((day(r.received_on) + 1) * 86_400_000).toISOString().slice(0, 10) });
  const edgeDays = ['2021-03-31', '2021-04-01', '2022-03-31', '2022-04-01'];
  const wanted = {
    ...Object.fromEntries(edgeDays.flatMap((d) => [
      [`child protection referral on ${d}`, cp.some((r) => r.received_on === d)],
      [`care referral on ${d}`, care.some((r) => r.received_on === d)],
      [`care meeting on ${d}`, meetings.some((m) => m.held_on === d && careRefs.has(m.referral_ref))],
    ])),
    'child protection case from each edge': ['2021-04-01', '2022-03-31'].every((d) => accepted.some((r) => r.received_on === d)),
    'closed on the last day': accepted.some((r) => r.closed_on === '2022-03-31'),
    'closed on the day after': accepted.some((r) => r.closed_on === '2022-04-01'),
    '15 closed after the year': accepted.filter((r) => inYear(r.received_on) && r.closed_on > '2022-03-31').length === 15,
    '13 on the day': accepted.some((r) => ageReceived(r) === 13 && r.date_of_birth.slice(5) === r.received_on.slice(5)),
    '13 on the day after': accepted.some((r) => ageReceived(r) === 12 && ageReceived(tomorrow(r)) === 13),
    'born on 29 February': accepted.some((r) => r.date_of_birth.endsWith('02-29')),
    'in both streams': cp.some((r) => care.some((o) => o.child_ref === r.child_ref)),
    'two referrals in one stream': cp.some((r) => cp.some((o) => o !== r && o.child_ref === r.child_ref)),
    'every answer to an offer': ['declined_by_young_person', 'declined_by_parent', 'declined_not_known_if_told', 'no_response', 'changed_mind', 'withdrawn']
      .every((outcome) => cp.some((r) => r.outcome === outcome)),
  };
  return Object.keys(wanted).filter((name) => !wanted[name]);
}

/** Prints every figure and rule with ok or what is wrong; true if all is well. */
export function check(files, print = console.log) {
  let well = true;
  const say = (ok, text) => {
    well &&= ok;
    print(`${ok ? 'ok   ' : 'WRONG'} ${text}`);
  };
  for (const [what, wanted, found] of compareFigures(files)) say(wanted === found, `${what}: ${found}${wanted === found ? '' : `, wanted ${wanted}`}`);
  for (const [what, broken] of brokenRules(files)) {
    const examples = broken.slice(0, 3).map((b) => b.referral_ref ?? b).join(' ');
    say(broken.length === 0, broken.length === 0 ? what : `${what}: ${broken.length} broken, such as ${examples}`);
  }
  printTotals(files, print);
  return well;
}

function printTotals({ referrals, meetings, complaints, schedule }, print) {
  const formal = complaints.filter((c) => c.procedure === 'children_act' && c.stage === '1');
  const inTime = formal.filter((c) => workingDaysBetween(day(c.received_on), day(c.responded_on)) <= 10);
  print(`rows: referrals ${referrals.length}, meetings ${meetings.length}, complaints ${complaints.length}, schedule ${schedule.length}`);
  print(`young people: ${children(referrals).length}`);
  print(`open at the year end, by officer: ${Object.entries(openCaseloads(referrals)).map(([who, n]) => `${who} ${n}`).join(', ')}`);
  print(`stage 1 answered within 10 working days: ${inTime.length} of ${formal.length}`);
}
