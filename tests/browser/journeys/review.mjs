// Two records that look alike: side by side, set aside with a note, and found to be two people.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, journey, signIn } from '../helpers.mjs';

/** A day in England, so many days from today, as 2026-11-22. */
function dayFromNow(days) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
  return parts.format(new Date(Date.now() + days * 24 * 3600 * 1000));
}

/** One child twice in the other system, spelt another way. */
function schedule(heard, [first, other], last, born, phone) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-schedule-'));
  const file = join(folder, 'schedule.csv');
  const row = (number, name) => `LIKE-${last}-${number},review,${dayFromNow(20)},${last}-${number},${name},${last},${born},${phone}`;
  writeFileSync(file, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,carer_phone',
    row(1, first), row(2, other),
  ].join('\n'));
  const report = JSON.parse(heard('import', 'conferences', file, '--format', 'json'));
  rmSync(folder, { recursive: true });
  check(report.created === 2 && report.review === 0, JSON.stringify(report));
}

export default async function review({ browser, base, service }) {
  const families = ['Quennell', 'Wyverby'];
  schedule(service.heard, ['Catherine', 'Katharine'], 'Quennell', '2011-03-09', '07700 900123');
  schedule(service.heard, ['Catherine', 'Katharine'], 'Wyverby', '2013-08-21', '07700 900456');
  await journey({ browser, base }, 'two records that look alike are set aside and then found to be two people', async (page, keys, look) => {
    const family = families.shift();
    await signIn(page, 'senior');
    await page.goto('/imports/review');
    await look('review-queue');
    await keys.follow(`Catherine ${family}`);
    await look('review-likeness');
    const told = await page.locator('main').innerText();
    check(told.includes('Sounds the same') && told.includes('Same'), 'what fits is not said in words');
    await keys.choose('It cannot be said yet');
    await keys.date('When does it come back?', dayFromNow(7));
    await keys.type('What is to be found out?', 'Ask the social worker');
    await keys.follow('Continue');
    await page.getByText('Ask the social worker').waitFor();
    await look('review-set-aside');
    await keys.follow(`Catherine ${family}`);
    await keys.choose('They are two people');
    await keys.follow('Continue');
    await page.getByText('They are two people').waitFor();
    check(!(await page.locator('main').innerText()).includes(`Catherine ${family}`), 'it is asked again');
  });
}
