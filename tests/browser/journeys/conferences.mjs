// Conferences to come: the children of each, an offer that a parent wishes, and marking one as not held.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, journey, signIn } from '../helpers.mjs';

/** A day in England, so many days from today, as 2026-11-22. */
function dayFromNow(days) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
  return parts.format(new Date(Date.now() + days * 24 * 3600 * 1000));
}

/** A brother and a sister on one conference, one of them under the threshold. */
function schedule(heard, family) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-schedule-'));
  const file = join(folder, 'schedule.csv');
  const row = (first, born) => `CONF-${family},initial,${dayFromNow(9)},${family}-${first},${first},${family},${born},10:30,County Hall`;
  writeFileSync(file, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,conference_time,venue',
    row('Rosalind', '2012-05-04'), row('Tobias', '2019-02-01'),
  ].join('\n'));
  const report = JSON.parse(heard('import', 'conferences', file, '--format', 'json'));
  rmSync(folder, { recursive: true });
  check(report.referrals === 1 && report.below_threshold === 1, JSON.stringify(report));
}

export default async function conferences({ browser, base, service }) {
  const families = ['Quennell', 'Wyverby'];
  for (const family of families) schedule(service.heard, family);
  await journey({ browser, base }, 'a parent wishes an officer for a child under the threshold, and the conference does not take place', async (page, keys, look) => {
    const family = families.shift();
    await signIn(page, 'officer');
    await page.goto('/diary');
    await keys.follow('Conferences to come');
    await look('conferences');
    await keys.follow('Week by week');
    await look('conferences-week');
    await page.goto('/conferences');
    await keys.follow(`Offer anyway: Tobias ${family}`);
    await look('offer-anyway');
    await keys.follow('Record the referral');
    await page.getByText('Choose who wishes it').first().waitFor();
    await keys.choose('Parent or carer');
    await keys.follow('Record the referral');
    await page.getByText('The referral is on record').waitFor();
    await page.goto('/conferences');
    await keys.follow(`Held, or not? Rosalind ${family}`);
    await look('conference-mark');
    await keys.choose('take place');
    await keys.follow('Save');
    await page.getByText('The conference is marked').waitFor();
    const told = await page.locator('main').innerText();
    check(told.includes('Marked here; scheduling said: Scheduled'), 'the diary does not say who marked it');
    check(told.includes('Not referred: it does not take place'), 'the diary does not say why she is not referred');
  });
}
