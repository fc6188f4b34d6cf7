// The child protection stream: conferences with brothers and sisters, who took up the offer,
// how long the cases ran, and the conferences and core groups that an officer supported.

import {
  YEAR_END, YEAR_START, addWorkingDays, ageOn, day, iso, workingDayOnOrAfter, workingDaysBetween,
} from './dates.mjs';
import { closingDay, dayReceived, fitMeanWeeks, groupsAddingUpTo } from './timing.mjs';

const INITIAL = 'automatic_initial_conference';
const RECEIVING_IN = 'automatic_receiving_in_conference';
const SHORTEST_CASE_DAYS = 28;
const LAST_MEETING = day('2022-04-29');

// What the year has to come to; check.mjs counts it again from the files.
const AUTOMATIC = 240;
const ACCEPTED_AUTOMATIC = { under13: 26, from13: 49 };
const CLOSED = 36;
const MEAN_WEEKS = 18;
const CLOSED_AFTER_THE_YEAR = 15;

// The 4 + 10 referrals beside those of initial conferences: one list per family.
const RECEIVING_IN_FAMILIES = [
  [{ age: 14, accepted: true }, { age: 12, accepted: true }],
  [{ age: 16, accepted: true }, { age: 13, accepted: false }],
];
const SOCIAL_WORKER_FAMILIES = [
  [{ age: 10, accepted: true }, { age: 8, accepted: true }],
  [{ age: 9, accepted: true }],
  [{ age: 10, accepted: true }],
  [{ age: 12, accepted: true, declinedBefore: true }],
  [{ age: 14, accepted: true, declinedBefore: true }],
  [{ age: 15, accepted: true, declinedBefore: true }],
  [{ age: 7, accepted: false }],
  [{ age: 11, accepted: false }],
  [{ age: 13, accepted: false }],
];

// Referrals outside the year, so that moving a period's edge by one day changes the figures.
const OUTSIDE_THE_YEAR = [
  { received: '2021-03-08', source: INITIAL, children: [{ age: 13, accepted: true }, { age: 11, accepted: true }], closed: '2021-07-20' },
  { received: '2021-03-17', source: INITIAL, children: [{ age: 12, accepted: false }] },
  { received: '2021-03-24', source: INITIAL, children: [{ age: 15, accepted: false }, { age: 14, accepted: false }, { age: 12, accepted: false }] },
  { received: '2021-03-29', source: 'social_worker', children: [{ age: 10, accepted: true }], opened: '2021-03-30', closed: '2021-04-01', closureReason: 'Young person no longer wanted support' },
  { received: '2021-03-31', source: INITIAL, children: [{ age: 14, accepted: true }] },
  { received: '2022-04-01', source: INITIAL, children: [{ age: 13, accepted: true }, { age: 11, accepted: true }] },
  { received: '2022-04-06', source: 'social_worker', children: [{ age: 9, accepted: true }] },
  { received: '2022-04-08', source: INITIAL, children: [{ age: 12, accepted: false }, { age: 16, accepted: false }] },
  { received: '2022-04-20', source: INITIAL, children: [{ age: 11, accepted: false }] },
  { received: '2022-04-27', source: RECEIVING_IN, children: [{ age: 15, accepted: true }] },
];

const TOPICS = [
  ['safety_at_home', 6], ['living_arrangements', 4], ['contact', 5], ['brothers_and_sisters', 3], ['education', 4],
  ['mental_health', 3], ['relationship_with_social_worker', 4], ['change_of_social_worker', 2], ['rights_and_entitlements', 2],
  ['bullying', 1], ['caring_for_a_parent', 2], ['online_safety', 1],
];
const CLOSURES = [
  ['Child protection plan ended', 8],
  ['Stepped down to child in need, young person felt ready to end', 6],
  ['Young person no longer wanted support', 4],
  ['Moved out of the area', 2],
  ['Young person said "I can say it myself now", agreed with them', 1],
];

export function buildChildProtection(rng, people) {
  const families = [
    ...initialConferences(rng),
    ...RECEIVING_IN_FAMILIES.map((children) => ({ received: dayReceived(rng), source: RECEIVING_IN, children })),
    ...SOCIAL_WORKER_FAMILIES.map((children) => ({ received: socialWorkerAsks(rng, children), source: 'social_worker', children })),
  ];
  acceptAutomatic(rng, families.filter(({ source }) => source === INITIAL));
  const before = OUTSIDE_THE_YEAR.map((f) => ({
    ...f, received: day(f.received), opened: f.opened && day(f.opened), closed: f.closed && day(f.closed), outside: true,
  }));
  const all = [...families, ...before];
  for (const family of all) nameFamily(rng, people, family);

  const referrals = all.flatMap((family) => family.children.map((child) => makeReferral(rng, family, child)));
  const inYear = referrals.filter(({ family }) => !family.outside);
  moveBirthdaysToTheEdge(inYear);
  setOpening(rng, all);
  closeCases(rng, families);
  for (const family of before) closeOutsideTheYear(family);
  shareChildren(rng, people, inYear);
  return { referrals, meetings: all.flatMap((family) => meetingsOf(rng, family)) };
}

/** Families of one to four children of 11 to 17 at an initial conference, 240 children in all. */
function initialConferences(rng) {
  const families = [];
  for (let left = AUTOMATIC; left > 0;) {
    const size = Math.min(left, rng.weighted([[1, 50], [2, 30], [3, 14], [4, 6]]));
    families.push({ received: dayReceived(rng), source: INITIAL, children: agesOf(rng, size).map((age) => ({ age })) });
    left -= size;
  }
  // Both edges of the year have referrals on them, accepted ones too.
  Object.assign(families[0], { received: YEAR_START, certain: true });
  Object.assign(families[1], { received: YEAR_START });
  Object.assign(families[2], { received: YEAR_END, certain: true });
  Object.assign(families[3], { received: YEAR_END });
  return families;
}

/** Where the child declined before, late enough in the year for that to have been in it. */
function socialWorkerAsks(rng, children) {
  const earliest = children.some(({ declinedBefore }) => declinedBefore) ? day('2021-10-01') : YEAR_START;
  let received;
  do received = dayReceived(rng); while (received < earliest);
  return received;
}

function agesOf(rng, size) {
  const ages = new Set();
  while (ages.size < size) ages.add(rng.weighted([[11, 20], [12, 20], [13, 17], [14, 16], [15, 13], [16, 9], [17, 5]]));
  return [...ages].sort((a, b) => b - a);
}

/** Says who took up the offer, family by family, until both age bands are exactly full; the rest did not. */
function acceptAutomatic(rng, families) {
  const left = { ...ACCEPTED_AUTOMATIC };
  const certainFirst = rng.shuffle(families).sort((a, b) => Boolean(b.certain) - Boolean(a.certain));
  for (const family of certainFirst) {
    for (const child of family.children) {
      const band = child.age >= 13 ? 'from13' : 'under13';
      child.accepted = left[band] > 0 && (family.certain || rng.chance(0.8));
      if (child.accepted) left[band] -= 1;
    }
  }
  if (left.under13 + left.from13 > 0) throw new Error('too few children for the age bands');
}

/** Names and birthdays: brothers and sisters are at least ten months apart, ages hold until the conference. */
function nameFamily(rng, people, family) {
  const conference = addWorkingDays(family.received, rng.int(5, 12));
  const name = people.family();
  const birthdays = [];
  for (let tries = 0; birthdays.length < family.children.length; tries += 1) {
    if (tries > 1000) throw new Error('no birthdays fit the family');
    const born = people.bornForAge(family.children[birthdays.length].age, family.received, conference);
    if (birthdays.every((other) => Math.abs(other - born) > 300)) birthdays.push(born);
  }
  family.conference = conference;
  family.children.forEach((child, i) => { child.person = people.child(name, birthdays[i]); });
}

function makeReferral(rng, family, child) {
  const referral = {
    stream: 'child_protection', source: family.source, received: family.received, person: child.person, family,
    decision: 'in_remit', outcome: child.accepted ? 'accepted' : notAccepted(rng, family),
    topics: child.accepted ? ['meetings_support', ...topicsFor(rng)] : [],
    declinedBefore: child.declinedBefore,
  };
  family.referrals = [...(family.referrals ?? []), referral];
  return referral;
}

const topicsFor = (rng) => [...new Set(Array.from({ length: rng.int(0, 3) }, () => rng.weighted(TOPICS)))];

/** A parent's no, or silence, goes for the whole family; a young person's own no is theirs. */
function notAccepted(rng, family) {
  if (family.answer === undefined) family.answer = rng.weighted([['declined_by_parent', 38], ['no_response', 18], ['declined_not_known_if_told', 9], ['withdrawn', 7], [null, 27]]);
  const familySpeaks = family.answer && !family.children.some(({ accepted }) => accepted);
  return familySpeaks ? family.answer : rng.weighted([['declined_by_young_person', 9], ['changed_mind', 1]]);
}

/** Three birthdays where a rule has its edge: 13 on the day itself, 13 on the day after, 29 February. */
function moveBirthdaysToTheEdge(referrals) {
  const alone = referrals.filter((r) => r.outcome === 'accepted' && r.source === INITIAL && r.family.children.length === 1);
  const age = (r) => ageOn(r.person.born, r.received);
  const thirteenYearsBefore = (d) => day(`${Number(iso(d).slice(0, 4)) - 13}${iso(d).slice(4)}`);
  const first = (what, fits) => {
    const found = alone.find(fits);
    if (!found) throw new Error(`no accepted child for the birthday edge: ${what}`);
    return found;
  };
  const justThirteen = first('13 on the day', (r) => age(r) === 13);
  justThirteen.person.born = thirteenYearsBefore(justThirteen.received);
  const nearlyThirteen = first('13 on the day after', (r) => age(r) === 12);
  nearlyThirteen.person.born = thirteenYearsBefore(nearlyThirteen.received + 1);
  const leapDay = first('29 February', (r) => age(r) === 13 && r !== justThirteen && r.received > YEAR_START + 30 && r.received < day('2022-02-01'));
  leapDay.person.born = day('2008-02-29');
}

/** Cases open together for brothers and sisters, between the referral and the conference. */
function setOpening(rng, families) {
  for (const family of families) {
    const accepted = family.referrals.filter(({ outcome }) => outcome === 'accepted');
    const limit = family.received <= YEAR_END ? YEAR_END : family.conference;
    const daysAhead = Math.min(workingDaysBetween(family.received, limit), workingDaysBetween(family.received, family.conference) - 1);
    const opened = family.opened ?? addWorkingDays(family.received, Math.min(daysAhead, rng.int(1, 7)));
    for (const referral of accepted) Object.assign(referral, { opened, shortest: SHORTEST_CASE_DAYS });
    family.cases = accepted;
  }
}

/** Closes 36 of the year's 85 cases in the year, 15 more in the half year after it. */
function closeCases(rng, families) {
  const groups = families.map(({ cases }) => cases).filter((cases) => cases.length > 0);
  const early = groups.filter(([first]) => first.opened < YEAR_END - 70).sort((a, b) => a[0].opened - b[0].opened);
  const likely = early.map((group, n) => [group, n * 0.6 + rng.int(0, 40)]).sort((a, b) => a[1] - b[1]).map(([group]) => group);
  const closed = groupsAddingUpTo(likely, CLOSED);
  for (const group of closed) {
    const closes = closingDay(rng, group[0], MEAN_WEEKS);
    for (const c of group) c.closed = closes;
  }
  // One case closes on the year's last day, one on the day after.
  const lastDay = closed.find((group) => group.length === 1 && group[0].opened > day('2021-09-01'));
  lastDay[0].closed = YEAR_END;
  fitMeanWeeksKeeping(rng, closed, lastDay);

  const open = rng.shuffle(groups.filter((group) => !closed.includes(group) && group[0].opened < day('2022-01-31')));
  const later = groupsAddingUpTo(open, CLOSED_AFTER_THE_YEAR);
  for (const group of later) {
    const closes = workingDayOnOrAfter(day('2022-04-04') + rng.int(0, 170));
    for (const c of group) c.closed = closes;
  }
  const dayAfter = later.find((group) => group.length === 1);
  dayAfter[0].closed = YEAR_END + 1;
  for (const group of [...closed, ...later]) {
    const closureReason = rng.weighted(CLOSURES);
    for (const c of group) c.closureReason = closureReason;
  }
}

/** The mean over all groups, with one group's closing day left alone. */
function fitMeanWeeksKeeping(rng, groups, kept) {
  const movable = groups.filter((group) => group !== kept);
  const count = movable.flat().length;
  const keptDays = kept.reduce((sum, c) => sum + c.closed - c.opened, 0);
  fitMeanWeeks(rng, movable, (MEAN_WEEKS * 7 * (count + kept.length) - keptDays) / 7 / count);
}

function closeOutsideTheYear(family) {
  if (!family.closed) return;
  for (const c of family.cases) Object.assign(c, { closed: family.closed, closureReason: family.closureReason ?? 'Child protection plan ended' });
}

/**
 * Some children come twice in the year: declined at a conference and later asked for by a social worker,
 * or at a second conference. Nobody is accepted twice, and nobody has two referrals open at once.
 */
function shareChildren(rng, people, referrals) {
  const alone = referrals.filter((r) => r.family.children.length === 1);
  const taken = new Set();
  const reuse = (earlier, later) => {
    people.everyone.splice(people.everyone.indexOf(later.person), 1);
    later.person = earlier.person;
    taken.add(earlier).add(later);
  };
  const sameChildFits = (earlier, later) => {
    const done = earlier.outcome === 'accepted' ? earlier.closed : earlier.received + 30;
    return done && later.received > done + 28 && !taken.has(earlier) && !taken.has(later)
      && ageOn(earlier.person.born, later.received) === ageOn(later.person.born, later.received)
      && ageOn(earlier.person.born, later.family.conference) === ageOn(later.person.born, later.family.conference);
  };
  const pair = (isEarlier, isLater) => {
    for (const later of rng.shuffle(alone.filter(isLater))) {
      const earlier = rng.shuffle(alone.filter(isEarlier)).find((r) => sameChildFits(r, later));
      if (earlier) return reuse(earlier, later);
    }
    throw new Error('no two referrals can be of one child');
  };
  const fromConference = (r) => r.source === INITIAL;
  const declined = (r) => fromConference(r) && /^declined/.test(r.outcome);
  const accepted = (r) => fromConference(r) && r.outcome === 'accepted';
  for (const later of alone.filter((r) => r.declinedBefore)) pair(declined, (r) => r === later);
  pair(declined, accepted);
  pair(declined, accepted);
  pair(declined, declined);
  pair(accepted, declined);
}

/** The meetings of one family's plan; each child with an open case has support at some of them. */
function meetingsOf(rng, family) {
  if (family.cases.length === 0) return [];
  const lastDay = Math.max(...family.cases.map(({ closed }) => Math.min(closed ?? LAST_MEETING, LAST_MEETING)));
  const supported = { initial_conference: 0.93, receiving_in_conference: 1, review_conference: 0.9, core_group: 0.55, child_in_need: 0.5 };
  return planOf(rng, family, lastDay).flatMap(({ held, type }) => family.cases
    .filter((c) => held >= c.opened && held <= Math.min(c.closed ?? LAST_MEETING, LAST_MEETING) && rng.chance(supported[type]))
    .map((referral) => ({ referral, held, type, attendance: attendanceOf(rng, referral, held) })));
}

/** Conference, core groups between, reviews after three and then six months; some plans step down. */
function planOf(rng, family, lastDay) {
  const meetings = [];
  const at = (d, type) => {
    const held = workingDayOnOrAfter(d);
    if (held <= lastDay) meetings.push({ held, type });
    return held;
  };
  const first = { [INITIAL]: 'initial_conference', [RECEIVING_IN]: 'receiving_in_conference' }[family.source];
  let conference = first ? at(family.conference, first) : addWorkingDays(family.received, rng.int(6, 20));
  if (!first) at(conference, 'review_conference');
  let steppedDown = first === 'initial_conference' && rng.chance(0.12);
  for (let review = 1; conference < lastDay; review += 1) {
    const next = conference + (review === 1 ? rng.int(75, 88) : rng.int(150, 178));
    for (let d = conference + rng.int(9, 14); d < next - 10; d += rng.int(35, 46)) at(d, steppedDown ? 'child_in_need' : 'core_group');
    conference = workingDayOnOrAfter(next);
    if (!steppedDown) at(conference, 'review_conference');
    steppedDown ||= rng.chance(0.35);
  }
  return meetings;
}

function attendanceOf(rng, { person }, held) {
  const withOfficer = ageOn(person.born, held) >= 14 ? 38 : 18;
  return rng.weighted([['officer_for_child', 62], ['child_with_officer', withOfficer], ['child_alone', 3], ['neither', 7]]);
}
