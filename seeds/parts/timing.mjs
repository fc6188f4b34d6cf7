// When referrals come in and when cases close: shared by both streams.

import { YEAR_END, YEAR_START, isTermTime, isWorkingDay, workingDayOnOrAfter, workingDayOnOrBefore, workingDaysIn } from './dates.mjs';

const YEAR_DAYS = workingDaysIn(YEAR_START, YEAR_END).map((d) => [d, isTermTime(d) ? 1 : 0.45]);

/** A working day of the year, likelier in term time. */
export const dayReceived = (rng) => rng.weighted(YEAR_DAYS);

/**
 * Moves closing days until the mean of all closed cases is the wanted number of weeks.
 * `groups` are lists of cases that close together (brothers and sisters); each case needs `opened`, `closed`
 * and `shortest` (days). Nothing closes after the year's end.
 */
export function fitMeanWeeks(rng, groups, weeks) {
  const cases = groups.flat();
  const wanted = weeks * 7 * cases.length;
  const total = () => cases.reduce((sum, c) => sum + c.closed - c.opened, 0);
  for (let tries = 0; Math.abs(total() - wanted) > 3; tries += 1) {
    if (tries > 100_000) throw new Error('the closing days do not fit the wanted mean');
    const direction = Math.sign(wanted - total());
    const group = rng.pick(groups);
    const moved = group[0].closed + direction * rng.int(1, 9);
    const fits = group.every((c) => moved - c.opened >= c.shortest && moved <= YEAR_END);
    if (fits && isWorkingDay(moved)) for (const c of group) c.closed = moved;
  }
}

/** A closing day in the year for a case opened then: a skewed spread around `usualWeeks`. */
export function closingDay(rng, { opened, shortest }, usualWeeks) {
  const weeks = usualWeeks * rng.weighted([[0.4, 3], [0.7, 4], [1, 4], [1.4, 3], [1.9, 1]]);
  const usual = Math.max(opened + shortest, opened + Math.round(weeks * 7) + rng.int(-6, 6));
  const closed = workingDayOnOrBefore(usual <= YEAR_END ? usual : rng.int(opened + shortest, YEAR_END));
  return Math.max(closed, workingDayOnOrAfter(opened + shortest));
}

/**
 * Picks groups until their sizes add up to exactly `count`; groups come in the order given and one that
 * would be too many is passed over.
 */
export function groupsAddingUpTo(groups, count) {
  const picked = [];
  let left = count;
  for (const group of groups) {
    if (group.length > left) continue;
    picked.push(group);
    left -= group.length;
    if (left === 0) return picked;
  }
  throw new Error(`the groups do not add up to ${count}`);
}
