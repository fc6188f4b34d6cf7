// Who is referred, and where conferences and referrals do not agree: a policy is looked at before it is set, and the children it makes due are settled one by one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, journey, signIn } from '../helpers.mjs';

/** A day in England, so many days from today, as 2026-11-22. */
function dayFromNow(days) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
  return parts.format(new Date(Date.now() + days * 24 * 3600 * 1000));
}

/** A child of ten, and one of six, each on a conference of their own nine days from now. */
function schedule(heard, family) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-schedule-'));
  const file = join(folder, 'schedule.csv');
  const row = (first, years) => `CONF-${first}-${family},initial,${dayFromNow(9)},${family}-${first},${first},${family},${dayFromNow(-years * 365.25 - 60)},10:30,County Hall`;
  writeFileSync(file, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,conference_time,venue',
    row('Ottoline', 10), row('Barnaby', 6),
  ].join('\n'));
  const report = JSON.parse(heard('import', 'conferences', file, '--format', 'json'));
  rmSync(folder, { recursive: true });
  check(report.created === 2 && report.referrals === 0, JSON.stringify(report));
}

export default async function policy({ browser, base, service }) {
  // The second run finds the policy of the first, and goes one year lower.
  const runs = [{ family: 'Pemberley', threshold: '10', child: 'Ottoline' }, { family: 'Larkrise', threshold: '6', child: 'Barnaby' }];
  for (const { family } of runs) schedule(service.heard, family);
  await journey({ browser, base }, 'a policy is looked at, set, and the children it makes due are settled', async (page, keys, look) => {
    const { family, threshold, child } = runs.shift();
    await signIn(page, 'senior');
    await page.goto('/lists');
    await keys.follow('Who is referred');
    await look('policy');
    await keys.follow('Set another policy');
    await keys.date('From which day?', dayFromNow(-30));
    await keys.type('Referred from the age of', threshold);
    await keys.follow('See what it would have done');
    await page.getByText('What it would have done').first().waitFor();
    await look('policy-preview');
    await keys.follow('Set this policy');
    await page.getByText('Enter why the policy is set').first().waitFor();
    await keys.type('Why?', 'Agreed with the board');
    await keys.follow('Set this policy');
    await page.getByText('The policy is set').waitFor();
    await look('policy-set');
    await page.goto('/conferences');
    await keys.follow('Reconcile conferences and referrals');
    await look('reconcile');
    await keys.follow(`Leave it, because … ${child} ${family}`);
    await keys.follow('Leave it');
    await page.getByText('Enter why it stays as it is').first().waitFor();
    await look('reconcile-leave');
    await keys.type('Why does it stay as it is?', 'Her mother was asked in March');
    await keys.follow('Leave it');
    await page.getByText('It is left as it is').first().waitFor();
    await keys.follow(`Open again ${child} ${family}`);
    await page.getByText('It is open again').waitFor();
    await keys.follow(`Refer now ${child} ${family}`);
    await page.getByText('The child is referred').waitFor();
    await look('reconcile-settled');
  });
}
