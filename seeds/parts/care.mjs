// The care stream: children in care and care leavers, what they asked for, how long the cases ran,
// the meetings supported and the complaints.

import {
  YEAR_END, YEAR_START, addWorkingDays, ageOn, day, isHoliday, isWeekend, isWorkingDay, workingDayOnOrAfter, workingDaysIn,
} from './dates.mjs';
import { closingDay, dayReceived, fitMeanWeeks } from './timing.mjs';

const CLOSED = 39;
const MEAN_WEEKS = 15;
const CLOSED_AFTER_THE_YEAR = 11;
const SUMMER_2022 = [day('2022-04-04'), day('2022-09-23')];

// The 83 referrals in remit: legal status, reason, ages of those supported, ages of those who went no further.
const IN_REMIT = [
  { status: 'care_leaver', reason: 'housing', ages: [18, 18, 18, 19, 20] },
  { status: 'care_leaver', reason: 'own_child', ages: [18, 19, 21, 22] },
  { status: 'care_leaver', reason: 'formal_complaint', ages: [19, 21] },
  { status: 'care_leaver', reason: 'access_to_records', ages: [21] },
  { status: 'care_leaver', reason: 'rights_and_entitlements', ages: [17], stopped: [18] },
  { status: 'care_leaver', reason: 'other', ages: [18, 20] },
  { status: 'secure_order', reason: 'secure_accommodation', ages: [14, 15] },
  { status: 'placement_order', reason: 'contact', ages: [7] },
  { status: 'interim_care_order', reason: 'court_support', ages: [12, 14] },
  { status: 'interim_care_order', reason: 'contact', ages: [10] },
  { status: 'interim_care_order', reason: 'placement', ages: [15] },
  { status: 's20', reason: 'rights_and_entitlements', ages: [15, 16, 17, 17], stopped: [17] },
  { status: 's20', reason: 'placement', ages: [16, 16, 17, 17] },
  { status: 's20', reason: 'other', ages: [15, 16, 17, 17, 17] },
  { status: 's20', reason: 'own_child', ages: [17] },
  { status: 's20', reason: 'informal_complaint', ages: [16], stopped: [15] },
  { status: 's20', reason: 'formal_complaint', ages: [16, 17] },
  { status: 's20', reason: 'legal_advice', ages: [17] },
  { status: 's20', reason: 'meetings_support', ages: [16] },
  { status: 'care_order', reason: 'meetings_support', ages: [11, 15] },
  { status: 'care_order', reason: 'informal_complaint', ages: [14, 17] },
  { status: 'care_order', reason: 'formal_complaint', ages: [15, 16, 17] },
  { status: 'care_order', reason: 'rights_and_entitlements', ages: [14, 15, 16] },
  { status: 'care_order', reason: 'court_support', ages: [14] },
  { status: 'care_order', reason: 'change_of_social_worker', ages: [14] },
  { status: 'care_order', reason: 'education', ages: [13] },
  { status: 'care_order', reason: 'own_child', ages: [17] },
  { status: 'care_order', reason: 'contact', ages: [9, 13, 14, 15] },
  { status: 'care_order', reason: 'placement', ages: [14, 14, 15, 15, 16, 16, 17, 17], stopped: [16] },
  { status: 'care_order', reason: 'other', ages: [15, 14, 15, 15, 16, 16, 17, 17, 17, 17], stopped: [14, 16] },
];
const OUT_OF_REMIT_AGES = [6, 13, 15, 17, 24];

const OUTSIDE_THE_YEAR = [
  { received: '2021-03-04', status: 'care_order', reason: 'meetings_support', age: 13, accepted: true },
  { received: '2021-03-16', status: 'care_leaver', reason: 'housing', age: 18, accepted: true, closed: '2021-06-11' },
  { received: '2021-03-26', status: 's20', reason: 'rights_and_entitlements', age: 17, accepted: false },
  { received: '2021-03-31', status: 'care_order', reason: 'placement', age: 15, accepted: true, closed: '2021-08-19' },
  { received: '2022-04-01', status: 'care_leaver', reason: 'other', age: 19, accepted: true },
  { received: '2022-04-05', status: 's20', reason: 'informal_complaint', age: 16, accepted: true, closed: '2022-05-20' },
  { received: '2022-04-12', status: 'care_order', reason: 'contact', age: 12, accepted: false },
  { received: '2022-04-21', outOfRemit: true, age: 16 },
];

const MEETING_TYPES = {
  secure_review: 2, education: 1, post_placement: 1, legal: 3, own_child: 17, placement_stability: 5, professionals: 8,
  other: 6, review_of_arrangements: 29,
};
const FOR_THE_CHILD = 16;

// Cases that run long, and those that are soon done: decides which of the 77 are closed by the year's end.
const SLOW = new Set(['meetings_support', 'own_child', 'secure_accommodation', 'court_support']);

const TOPICS = {
  housing: ['council_tax', 'savings', 'staying_put', 'intentional_homelessness'],
  own_child: ['legal_advice', 'contact', 'housing', 'meetings_support'],
  placement: ['contact', 'unsuitable_accommodation', 'pocket_money', 'belongings', 'staying_put'],
  other: ['data_breach', 'returning_home', 'transitions_advice', 'body_piercing', 'term_time_holiday', 'asylum_support'],
  rights_and_entitlements: ['savings', 'council_tax', 'pocket_money', 'passport', 'education'],
  formal_complaint: ['relationship_with_social_worker', 'unsuitable_accommodation', 'savings', 'placement'],
  informal_complaint: ['relationship_with_social_worker', 'change_of_social_worker', 'pocket_money'],
};
const TOPIC_FITS = {
  asylum_support: ({ person }) => person.alone,
  returning_home: ({ person, age }) => !person.alone && age < 18,
  body_piercing: ({ age }) => age < 18,
  term_time_holiday: ({ person, age }) => !person.alone && age < 17,
  transitions_advice: ({ age }) => age >= 16,
  council_tax: ({ age }) => age >= 17,
  pocket_money: ({ age }) => age < 18,
};
const COMMON_TOPICS = ['contact', 'relationship_with_social_worker', 'brothers_and_sisters', 'mental_health', 'education', 'savings'];

const CLOSURES = {
  complaint: ['Complaint concluded', 'Complaint concluded, young person satisfied with the answer', 'Complaint concluded, young person not satisfied'],
  other: [
    'What the young person wanted was agreed', 'Agreed in part, nothing further wanted now', 'Advice given', 'Young person no longer wanted support',
    'Young person can speak for themselves, knows how to come back',
  ],
};

export function buildCare(rng, people, childProtection) {
  const referrals = [...inRemit(), ...OUT_OF_REMIT_AGES.map((age) => ({ age, outOfRemit: true }))].map((r) => ({ ...r, stream: 'care' }));
  for (const r of referrals) setReceived(rng, r);
  setOnTheEdges(referrals);
  const outside = OUTSIDE_THE_YEAR.map((r) => ({
    ...r, stream: 'care', received: day(r.received), closed: r.closed && day(r.closed), outside: true,
  }));
  const all = [...referrals, ...outside];
  for (const r of all) describe(rng, r);
  movedFromChildProtection(rng, childProtection, referrals);
  for (const r of all) r.person ??= nameYoungPerson(rng, people, r);
  comeTwice(rng, people, referrals);
  for (const r of all) r.topics = topicsOf(rng, r);
  closeCases(rng, referrals.filter(isAccepted));
  for (const r of all) if (r.closed) r.closureReason ??= closureOf(rng, r);
  const accepted = all.filter(isAccepted);
  return { referrals: all, meetings: meetings(rng, accepted), complaints: complaints(rng, accepted) };
}

const isAccepted = (r) => r.outcome === 'accepted';

function inRemit() {
  return IN_REMIT.flatMap(({ status, reason, ages, stopped = [] }) => [
    ...ages.map((age) => ({ status, reason, age, accepted: true })),
    ...stopped.map((age) => ({ status, reason, age, accepted: false })),
  ]);
}

/** Cases with many meetings come in time to have them, and who did not go on comes in time to come again. */
function setReceived(rng, r) {
  const stopped = r.reason && !r.accepted;
  const latest = stopped ? day('2021-10-15') : SLOW.has(r.reason) ? day('2021-11-30') : YEAR_END;
  do r.received = dayReceived(rng); while (r.received > latest);
}

function setOnTheEdges(referrals) {
  const byReason = (reason, status) => referrals.find((r) => r.reason === reason && r.status === status && r.accepted);
  byReason('own_child', 's20').received = YEAR_START;
  byReason('rights_and_entitlements', 'care_order').received = YEAR_END;
}

/** Source, outcome and the day the case opened. */
function describe(rng, r) {
  r.source = sourceOf(rng, r);
  if (r.source === 'self' && !r.outside && ![YEAR_START, YEAR_END].includes(r.received) && rng.chance(0.18)) moveToWeekend(r);
  r.decision = r.outOfRemit ? 'out_of_remit' : 'in_remit';
  if (r.outOfRemit) return;
  r.outcome = r.accepted ? 'accepted' : rng.pick(['changed_mind', 'no_response']);
  if (!r.accepted) return;
  const first = addWorkingDays(workingDayOnOrAfter(r.received), rng.int(0, 6));
  r.opened = r.received <= YEAR_END ? Math.min(first, YEAR_END) : first;
  r.shortest = { formal_complaint: 84, informal_complaint: 42 }[r.reason] ?? 21;
}

function sourceOf(rng, { age, status, reason }) {
  if (status === 'care_leaver') return rng.weighted([['self', 6], ['personal_adviser', 7], ['social_worker', 1], ['other_professional', 2]]);
  if (age < 11) return rng.weighted([['reviewing_officer', 3], ['social_worker', 3], ['parent_or_carer', 2]]);
  if (reason === 'secure_accommodation') return rng.pick(['residential_home', 'social_worker']);
  return rng.weighted([
    ['self', 9], ['social_worker', 7], ['reviewing_officer', 4], ['residential_home', 2.5], ['parent_or_carer', 2], ['other_professional', 2],
    ['personal_adviser', age >= 17 ? 1 : 0],
  ]);
}

/** The main reason, and up to two topics more; "other" always says what. */
function topicsOf(rng, r) {
  if (r.outOfRemit) return [];
  const fitting = (TOPICS[r.reason] ?? COMMON_TOPICS).filter((topic) => topic !== r.reason && (TOPIC_FITS[topic]?.(r) ?? true));
  if (r.reason === 'other') return rng.sample(fitting, rng.int(1, 2));
  return [r.reason, ...rng.sample(fitting, rng.int(0, 2))];
}

/** Young people also write at the weekend. */
function moveToWeekend(r) {
  let sunday = r.received;
  while (!isWeekend(sunday)) sunday -= 1;
  if (sunday > YEAR_START && !isHoliday(sunday)) r.received = sunday;
}

/** Two young people came into care after a child protection case: they are in both streams. */
function movedFromChildProtection(rng, childProtection, referrals) {
  const cases = childProtection.filter((r) => r.closed && !r.family.outside && r.family.children.length === 1 && r.closed < day('2022-01-31'));
  const fitting = referrals.filter((r) => r.accepted && ['s20', 'interim_care_order'].includes(r.status) && r.reason !== 'own_child');
  let moved = 0;
  for (const earlier of rng.shuffle(cases)) {
    const received = addWorkingDays(earlier.closed, rng.int(4, 25));
    const later = fitting.find((r) => !r.person && r.age === ageOn(earlier.person.born, received)
      && (!SLOW.has(r.reason) || received < day('2021-11-30')));
    if (!later || later.received === YEAR_END) continue;
    Object.assign(later, { person: earlier.person, received, source: 'social_worker', opened: addWorkingDays(received, 3), taken: true });
    earlier.closureReason = 'Came into care, support goes on there';
    moved += 1;
    if (moved === 2) return;
  }
  throw new Error('nobody fits both streams');
}

function nameYoungPerson(rng, people, r) {
  const alone = r.status === 's20' && r.age >= 15 && r.reason !== 'own_child' && rng.chance(0.45);
  return people.child(people.family({ alone }), people.bornForAge(r.age, r.received));
}

/** Two young people changed their mind, and came back later. */
function comeTwice(rng, people, referrals) {
  let pairs = 0;
  for (const earlier of referrals.filter((r) => r.outcome === 'changed_mind' || r.outcome === 'no_response')) {
    const later = rng.shuffle(referrals).find((r) => isAccepted(r) && r.status === earlier.status && r.received > earlier.received + 60
      && !r.taken && r.received !== YEAR_END && !['own_child'].includes(r.reason) && ageOn(earlier.person.born, r.received) === r.age);
    if (!later) continue;
    people.everyone.splice(people.everyone.indexOf(later.person), 1);
    Object.assign(later, { person: earlier.person, taken: true });
    pairs += 1;
    if (pairs === 2) return;
  }
  throw new Error('nobody can come twice');
}

/** Closes 39 of the year's 77 cases in the year, 11 more in the half year after it. */
function closeCases(rng, cases) {
  const order = cases
    .filter((c) => YEAR_END - c.opened >= c.shortest + 14)
    .map((c) => [c, c.opened - YEAR_START + rng.int(0, 220) + (SLOW.has(c.reason) ? 260 : 0)])
    .sort((a, b) => a[1] - b[1])
    .map(([c]) => c);
  const closed = order.slice(0, CLOSED);
  for (const c of closed) c.closed = closingDay(rng, c, MEAN_WEEKS);
  fitMeanWeeks(rng, closed.map((c) => [c]), MEAN_WEEKS);
  const open = cases.filter((c) => !closed.includes(c) && c.opened < day('2022-02-28') && c.reason !== 'own_child');
  for (const c of rng.sample(open, CLOSED_AFTER_THE_YEAR)) c.closed = workingDayOnOrAfter(rng.int(...SUMMER_2022));
}

const closureOf = (rng, { reason }) => rng.pick(/complaint/.test(reason) ? CLOSURES.complaint : CLOSURES.other);

/** The 72 meetings of the year and some on either side of it. */
function meetings(rng, cases) {
  const held = [];
  const add = (referral, d, type, attendance) => held.push({ referral, held: d, type, attendance });
  const openOn = (d) => cases.filter((c) => c.opened <= d && (c.closed ?? Infinity) >= d);
  const review = (d) => rng.pick(openOn(d).filter((c) => c.status !== 'care_leaver' && c.reason !== 'own_child' && !held.some((m) => m.referral === c)));

  // On the edges of the year: the first two and the last of these five lie outside it.
  add(cases.find((c) => c.opened < YEAR_START && c.reason === 'meetings_support'), day('2021-03-18'), 'review_of_arrangements', 'child_with_officer');
  add(cases.find((c) => c.opened < YEAR_START && c.reason === 'housing'), YEAR_START - 1, 'professionals', 'officer_for_child');
  add(cases.find((c) => c.opened < YEAR_START && c.reason === 'housing'), YEAR_START, 'professionals');
  add(review(YEAR_END), YEAR_END, 'review_of_arrangements');
  add(review(YEAR_END + 1), YEAR_END + 1, 'review_of_arrangements', 'child_with_officer');

  for (const [type, count] of Object.entries(MEETING_TYPES)) {
    const already = held.filter((m) => m.type === type && m.held >= YEAR_START && m.held <= YEAR_END).length;
    for (let n = already; n < count; n += 1) {
      const [referral, d] = placeFor(rng, type, cases, held);
      add(referral, d, type);
    }
  }
  setAttendance(rng, held.filter((m) => !m.attendance));
  for (const [type, attendance] of [
    ['review_of_arrangements', 'child_with_officer'], ['own_child', 'child_with_officer'], ['review_of_arrangements', 'officer_for_child'],
    ['professionals', 'neither'], ['placement_stability', 'child_alone'],
  ]) {
    const [referral, d] = placeFor(rng, type, cases, held, day('2022-04-04'), day('2022-04-29'));
    add(referral, d, type, attendance);
  }
  return held;
}

/** Whose cases a type of meeting belongs to. */
function suits(type, { status, reason, person, opened }) {
  const looked = status !== 'care_leaver' && reason !== 'own_child';
  switch (type) {
    case 'own_child': return reason === 'own_child';
    case 'secure_review': return reason === 'secure_accommodation';
    case 'legal': return ['legal_advice', 'court_support'].includes(reason);
    case 'education': return reason === 'education';
    case 'placement_stability': return looked && reason === 'placement';
    case 'post_placement': return looked && reason === 'placement' && ageOn(person.born, opened) < 17;
    case 'review_of_arrangements': return looked;
    default: return true;
  }
}

/** A case and a working day for one more meeting: inside the case, and not too soon after another. */
function placeFor(rng, type, cases, held, from = YEAR_START, to = YEAR_END) {
  const suitable = cases.filter((c) => suits(type, c));
  for (let tries = 0; tries < 5000; tries += 1) {
    const c = rng.pick(suitable);
    const d = rng.pick(workingDaysIn(from, to));
    if (d < c.opened + 2 || d > (c.closed ?? Infinity)) continue;
    const tooSoon = held.some((m) => m.referral === c && Math.abs(m.held - d) < (m.type === type && type !== 'own_child' ? 80 : 6));
    if (!tooSoon) return [c, d];
  }
  throw new Error(`no place for a meeting of type ${type}`);
}

/** 16 on the young person's behalf (the youngest, and professionals' meetings, first), 1 alone, the rest together. */
function setAttendance(rng, list) {
  const absence = { professionals: 0.8, placement_stability: 0.4, legal: 0.3, other: 0.3, own_child: -0.6, secure_review: -0.6 };
  const scored = list
    .map((m) => [m, rng.next() + (absence[m.type] ?? 0) + (ageOn(m.referral.person.born, m.held) < 12 ? 1 : 0)])
    .sort((a, b) => b[1] - a[1])
    .map(([m]) => m);
  scored.forEach((m, n) => { m.attendance = n < FOR_THE_CHILD ? 'officer_for_child' : 'child_with_officer'; });
  scored.findLast((m) => m.type === 'review_of_arrangements' && ageOn(m.referral.person.born, m.held) >= 15).attendance = 'child_alone';
}

/** Complaints: one for each case that came with one, and some that grew out of other cases. */
function complaints(rng, cases) {
  const list = [];
  const cameWithOne = cases.filter((c) => /complaint/.test(c.reason));
  for (const c of cameWithOne) list.push(complaint(rng, c, c.reason === 'formal_complaint' ? 'formal' : 'informal'));
  const others = cases.filter((c) => ['placement', 'housing', 'change_of_social_worker', 'other'].includes(c.reason)
    && c.opened < YEAR_END - 60 && (c.closed ?? Infinity) - c.opened > 70);
  rng.sample(others, 7).forEach((c, n) => list.push(complaint(rng, c, n < 5 ? 'informal' : 'formal')));
  setProcedures(list);
  addStageTwo(rng, list);
  return list;
}

function complaint(rng, referral, kind) {
  const received = addWorkingDays(workingDayOnOrAfter(referral.opened), rng.int(1, 8));
  const late = rng.chance(0.35);
  const wait = kind === 'informal' ? rng.int(1, late ? 16 : 8) : rng.int(late ? 12 : 5, late ? 24 : 10);
  const responded = addWorkingDays(received, wait);
  const outcome = kind === 'informal'
    ? rng.weighted([['resolved', 6], ['partly_upheld', 1], ['withdrawn', 1]])
    : rng.weighted([['upheld', 3], ['partly_upheld', 4], ['not_upheld', 2]]);
  return { referral, kind, received, responded, outcome, ...(kind === 'formal' && { procedure: 'children_act', stage: 1 }) };
}

/** Most formal complaints follow the statutory procedure; one each went by the NHS's, the council's own and a school's. */
function setProcedures(list) {
  const formal = list.filter(({ kind }) => kind === 'formal');
  formal.find(({ referral }) => referral.status === 'care_leaver').procedure = 'nhs';
  formal.findLast(({ referral }) => referral.status === 'care_leaver').procedure = 'corporate';
  formal.find(({ referral }) => referral.status === 'care_order').procedure = 'school';
}

/** Two complaints went on to stage 2: one answered in 25 working days, one not before the extended 65. */
function addStageTwo(rng, list) {
  const further = list.filter((c) => c.procedure === 'children_act' && c.outcome !== 'upheld'
    && (c.referral.closed ?? Infinity) > addWorkingDays(c.responded, 80));
  if (further.length < 2) throw new Error('too few complaints for stage 2');
  [24, 61].forEach((wait, n) => {
    const received = addWorkingDays(further[n].responded, rng.int(5, 15));
    const responded = addWorkingDays(received, wait);
    if (!isWorkingDay(responded)) throw new Error('not a working day');
    list.push({ ...further[n], stage: 2, received, responded, outcome: n === 0 ? 'upheld' : 'partly_upheld' });
  });
}
