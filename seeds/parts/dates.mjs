// Dates as whole days, so that counting days and working days is plain arithmetic.
// A "day" in these files is the number of days since 1970-01-01; files hold ISO dates.

const MS_PER_DAY = 86_400_000;

export const day = (iso) => Date.parse(`${iso}T00:00:00Z`) / MS_PER_DAY;
export const iso = (d) => new Date(d * MS_PER_DAY).toISOString().slice(0, 10);

export const YEAR_START = day('2021-04-01');
export const YEAR_END = day('2022-03-31');

// Bank holidays in England over the months that the seeds touch, with Christmas Day, Boxing Day,
// New Year's Day and Easter Sunday themselves where they fell on a weekend.
const HOLIDAYS = new Set([
  '2021-01-01', '2021-04-02', '2021-04-04', '2021-04-05', '2021-05-03', '2021-05-31', '2021-08-30',
  '2021-12-25', '2021-12-26', '2021-12-27', '2021-12-28', '2022-01-01', '2022-01-03', '2022-04-15',
  '2022-04-17', '2022-04-18', '2022-05-02', '2022-06-02', '2022-06-03', '2022-08-29', '2022-09-19',
  '2022-12-25', '2022-12-26', '2022-12-27',
].map(day));

// School holidays, when fewer referrals come in.
const SCHOOL_HOLIDAYS = [
  ['2021-04-02', '2021-04-16'], ['2021-05-31', '2021-06-04'], ['2021-07-14', '2021-08-27'],
  ['2021-10-18', '2021-10-22'], ['2021-12-20', '2022-01-03'], ['2022-02-14', '2022-02-18'],
  ['2022-04-11', '2022-04-22'],
].map(([from, to]) => [day(from), day(to)]);

export const isHoliday = (d) => HOLIDAYS.has(d);
export const isWeekend = (d) => [0, 6].includes(new Date(d * MS_PER_DAY).getUTCDay());
export const isWorkingDay = (d) => !isWeekend(d) && !isHoliday(d);
export const isTermTime = (d) => !SCHOOL_HOLIDAYS.some(([from, to]) => d >= from && d <= to);

export function workingDaysIn(from, to) {
  const days = [];
  for (let d = from; d <= to; d += 1) if (isWorkingDay(d)) days.push(d);
  return days;
}

/** The day itself if it is a working day, else the last one before it. */
export function workingDayOnOrBefore(d) {
  while (!isWorkingDay(d)) d -= 1;
  return d;
}

/** The day itself if it is a working day, else the first one after it. */
export function workingDayOnOrAfter(d) {
  while (!isWorkingDay(d)) d += 1;
  return d;
}

/** Working days counted from a start that is day 0. */
export function addWorkingDays(start, count) {
  let d = start;
  for (let left = count; left > 0; left -= 1) {
    do d += 1; while (!isWorkingDay(d));
  }
  return d;
}

export function workingDaysBetween(start, end) {
  let count = 0;
  for (let d = start + 1; d <= end; d += 1) if (isWorkingDay(d)) count += 1;
  return count;
}

/** Whole years of age; someone born on 29 February is a year older on 1 March in other years. */
export function ageOn(born, on) {
  const [b, o] = [iso(born), iso(on)];
  const years = Number(o.slice(0, 4)) - Number(b.slice(0, 4));
  return o.slice(5) < b.slice(5) ? years - 1 : years;
}
