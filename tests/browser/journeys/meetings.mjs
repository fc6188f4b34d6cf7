// A conference of two sisters recorded together, a meeting planned that did not take place, the diary and its address.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, journey, looksRight, open, signIn, test } from '../helpers.mjs';

/** A day in England, so many days from today, as 2026-11-22. */
function dayFromNow(days) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
  return parts.format(new Date(Date.now() + days * 24 * 3600 * 1000));
}

/** Two sisters on one conference of today, each with a case that the senior officer opened today. */
async function sistersWithCases(browser, base, heard, family) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-schedule-'));
  const file = join(folder, 'schedule.csv');
  const row = (first, born) => `CONF-${family},initial,${dayFromNow(0)},${family}-${first},${first},${family},${born},10:30`;
  writeFileSync(file, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,conference_time',
    row('Nadia', '2012-05-04'), row('Ines', '2014-02-01'),
  ].join('\n'));
  const report = JSON.parse(heard('import', 'conferences', file, '--format', 'json'));
  rmSync(folder, { recursive: true });
  check(report.referrals === 2, JSON.stringify(report));
  const page = await open(browser, base);
  await signIn(page, 'senior');
  for (const first of ['Nadia', 'Ines']) {
    await page.goto('/referrals');
    await page.getByRole('link', { name: `${first} ${family}` }).first().click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByLabel('said yes themselves').check();
    await page.getByRole('button', { name: 'Accept and open the case' }).click();
    await page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
  }
  await page.context().close();
}

const main = (page) => page.locator('main').innerText();

export default async function meetings({ browser, base, service }) {
  const families = ['Quillon', 'Marrowby'];
  for (const family of families) await sistersWithCases(browser, base, service.heard, family);
  let run = 0;

  await journey({ browser, base }, 'a conference is recorded for two sisters at once, and a planned meeting did not take place', async (page, keys, look) => {
    const family = families[run];
    run += 1;
    await signIn(page, 'senior');
    await keys.follow('Diary');
    check((await main(page)).includes(`Nadia ${family}, Ines ${family}`), 'the sisters are not on one line of the diary');
    await look('diary');
    await keys.follow(`Nadia ${family}`);
    const address = page.url();
    await look('case-meetings');
    await keys.follow('Record who was there');

    await keys.follow('Record the meeting');
    check((await main(page)).includes(`Choose how Nadia ${family} was heard`), 'what is missing is not told');
    await look('meeting-record-error');
    await keys.choose('They were there with the officer, and spoke');
    await keys.choose('In a drawing');
    await keys.type('What they said', 'I want to keep seeing Nan on Sundays.');
    await keys.choose('They were not there; the officer spoke');
    await keys.type('If they were not there', 'She was at school and did not want to miss it');
    await look('meeting-record');
    await keys.follow('Record the meeting');
    check((await main(page)).includes('Young person with their officer'), 'the meeting is not on the case');

    await keys.follow('Initial child protection conference');
    const told = await main(page);
    for (const words of ['PN1', 'PN5', 'I want to keep seeing Nan on Sundays.']) check(told.includes(words), `${words} is not on the page`);
    await look('meeting-held');
    await page.goto(address);

    await keys.follow('Plan a meeting');
    await keys.choose(`Ines ${family}`);
    await keys.select('Type of meeting', 'Core');
    await keys.date('Day of the meeting', '2026-02-31');
    await keys.follow('Plan the meeting');
    check((await main(page)).includes('must be a real date'), 'a day that is none is taken');
    await keys.date('Day of the meeting', dayFromNow(3));
    await keys.type('Time (optional)', '2:30pm');
    await look('meeting-plan');
    await keys.follow('Plan the meeting');
    await keys.follow('Core group meeting');
    check((await main(page)).includes('14:30'), 'the time is not on the page');
    await look('meeting-planned');
    await keys.follow('It did not take place');
    await keys.follow('Record that it did not take place');
    check((await main(page)).includes('Enter why the meeting did not take place'), 'a reason is not asked for');
    await keys.type('Why did it not take place?', 'The chair was ill.');
    await look('meeting-missed');
    await keys.follow('Record that it did not take place');
    check((await main(page)).includes('Did not take place'), 'the case does not say that it did not take place');

    page.problems.length = 0; // The browser notes the answer 422 of each form that was not complete.

    await keys.follow('Diary');
    await keys.follow('See this diary in your own calendar');
    await keys.follow('Make');
    const calendar = (await page.locator('.heard-reference').innerText()).trim();
    await look('diary-feed');
    const feed = await (await page.request.get(calendar)).text();
    check(feed.startsWith('BEGIN:VCALENDAR'), feed);
    for (const name of ['Nadia', 'Ines', family]) check(!feed.includes(name), `${name} leaves the service`);
  });

  await test('another officer\'s diary is for the senior officer', async () => {
    const page = await open(browser, base);
    await signIn(page, 'senior');
    await page.goto('/diary?officer=all');
    check((await main(page)).includes('Quillon'), 'everybody\'s diary is empty');
    await looksRight(page, 'diary-everybody');
    const officer = await open(browser, base);
    await signIn(officer, 'officer');
    await officer.goto('/diary?officer=all');
    check(!(await main(officer)).includes('Quillon'), 'an officer sees another diary');
    await looksRight(officer, 'diary-officer');
  });
}
