// Cover for an absence, and a whole caseload handed over.
import { check, journey, signIn } from '../helpers.mjs';

const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

export default async function journeys({ browser, base }) {
  let run = 0;
  await journey({ browser, base }, 'an officer is covered while away', async (page, keys, look) => {
    run += 1;
    await signIn(page, 'senior');
    await page.goto('/team/officers');
    await look('officers');
    await keys.follow('Hours of Tomasz Wilk');
    await keys.type('Part of full time', '0.8');
    await look('officer-hours');
    await keys.follow('Save');
    await page.getByText('The hours are on record').waitFor();
    await keys.follow('Record an absence of Tomasz Wilk');
    await keys.date('Last day away', day(5 * run));
    await keys.select('Who covers?', 'Marcus');
    await look('officer-away');
    await keys.follow('Save');
    await page.getByText('The absence and its cover are on record').waitFor();
    await look('team-away');
    await keys.follow('Sign out');
    await signIn(page, 'officer');
    await page.getByText('You cover for Tomasz Wilk').waitFor();
    await look('my-work-cover');
    await keys.follow('Sign out');
    await signIn(page, 'senior');
    await page.goto('/team');
    await keys.follow('Change the absence of Tomasz Wilk');
    await look('absence-change');
    await keys.follow('Take this absence back');
    await page.getByText('The absence is taken back').waitFor();
  });

  const leaves = [['Siobhan Keating', 'Ellen'], ['Ellen Whitcombe', 'Priya']];
  await journey({ browser, base }, 'a whole caseload is handed over', async (page, keys, look) => {
    const [who, to] = leaves.shift();
    await signIn(page, 'senior');
    await page.goto('/team/officers');
    await keys.follow(`Hand over the caseload of ${who}`);
    await look('handover');
    await keys.follow('Hand over');
    check((await page.locator('.govuk-error-summary').count()) === 1, 'nobody was asked who gets it');
    await look('handover-error');
    // The refusal that was asked for is no problem of the page.
    page.problems = page.problems.filter((it) => !it.includes('422'));
    await keys.select('Who gets everything?', to);
    await keys.follow('Hand over');
    await page.getByText('The caseload is handed over').waitFor();
    const row = page.locator('tr', { has: page.locator('th', { hasText: who }) });
    check(await row.count() === 1 && /\b0\b/.test(await row.innerText()), `${who} still holds cases`);
  });
}
