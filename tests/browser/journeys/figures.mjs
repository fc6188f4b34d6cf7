// Figures beside the annual report: offers, what came and went, what is open; told apart, and the rows behind.
import { check, journey, signIn } from '../helpers.mjs';

const PERIOD = 'from=2021-04-01&to=2022-03-31';

const number = async (locator) => Number((await locator.innerText()).split(/\s/)[0]);

export default async function journeys({ browser, base }) {
  await journey({ browser, base }, 'what came and went adds up, is told apart, and leads to its rows', async (page, keys, look) => {
    await signIn(page, 'senior');
    await page.goto(`/reports/annual?${PERIOD}`);
    await keys.follow('What came and went');
    await look('figures-flow');
    const rows = page.getByRole('region', { name: 'Child protection: cases opened and closed' }).locator('tbody tr');
    const counts = {};
    for (const row of await rows.all()) {
      counts[await row.locator('th').innerText()] = await number(row.locator('td').first());
    }
    const came = counts['Open at the start'] + counts.Opened + counts.Reopened;
    check(came - counts.Closed === counts['Open at the end'] && counts.Closed > 0, JSON.stringify(counts));
    await keys.follow('Offers and durations');
    await look('figures-offers');
    await keys.follow('Open at the end of the period');
    await look('figures-open');
    await page.locator('summary', { hasText: 'Tell these figures apart' }).press('Enter');
    await keys.follow('Age');
    await look('figures-by-age');
    const cell = page.locator('tbody td a').first();
    const told = await number(cell);
    await cell.press('Enter');
    await page.waitForURL(/rows/);
    check((await page.locator('main p').first().innerText()).startsWith(String(told)), 'the rows are others than were counted');
    check((await page.locator('tbody tr').count()) === told, 'a row is missing');
    await look('figures-rows');
  });

  await journey({ browser, base }, 'a period that cannot be read is said on every page of figures', async (page, keys, look) => {
    await signIn(page, 'manager');
    await page.goto('/reports/flow?from-day=31&from-month=2&from-year=2022&to-day=1&to-month=3&to-year=2022');
    check(await page.getByText('There is a problem').isVisible(), 'nothing was said');
    await look('figures-mend');
    await page.goto(`/reports/flow/by/gender?${PERIOD}`);
    await look('figures-by-gender');
    await page.goto('/reports/flow?from=1999-04-01&to=2000-03-31');
    await look('figures-empty');
  });
}
