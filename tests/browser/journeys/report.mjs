// The year's report: its charts, the year before beside it, and copies to keep.
import { check, journey, signIn } from '../helpers.mjs';

const YEAR = '/reports/annual?from=2021-04-01&to=2022-03-31';

/** Bars that no chart says a value of, and words that stand outside their chart. */
const faults = () => [...document.querySelectorAll('svg.heard-chart')].flatMap((chart) => {
  const { right, left } = chart.getBoundingClientRect();
  const told = [...chart.querySelectorAll('text')];
  const outside = told.filter((it) => it.getBoundingClientRect().right > right + 1 || it.getBoundingClientRect().left < left - 1);
  const named = chart.querySelector('title')?.textContent && chart.querySelector('desc')?.textContent && chart.getAttribute('role') === 'img';
  return [...outside.map((it) => `"${it.textContent}" stands outside ${chart.querySelector('title').textContent}`),
    ...(named ? [] : ['a chart without a name']), ...(told.length === 0 ? ['a chart without words'] : [])];
});

export default async function journeys({ browser, base }) {
  await journey({ browser, base }, 'the report shows charts beside its tables, the year before, and copies to keep', async (page, keys, look) => {
    await signIn(page, 'senior');
    await page.goto(YEAR);
    const charts = page.locator('svg.heard-chart');
    check((await charts.count()) >= 14, 'a table has no chart');
    await look('report');
    const wrong = await page.evaluate(faults);
    check(wrong.length === 0, wrong.join('\n'));
    await keys.follow('Show the year before beside it');
    check((await page.locator('main').innerText()).includes('Count, 2020 to 2021'), 'the year before is not there');
    await look('report-beside');
    const beside = await page.evaluate(faults);
    check(beside.length === 0, beside.join('\n'));
    const copy = page.getByRole('link', { name: 'Word', exact: true });
    const [download] = await Promise.all([page.waitForEvent('download'), copy.press('Enter')]);
    check(download.suggestedFilename() === 'annual-report-2021-04-01-to-2022-03-31.docx', download.suggestedFilename());
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: 'tests/browser/screens/report-print.png', fullPage: true });
    check(await page.getByText('Keep a copy').isHidden(), 'what is for the screen is printed');
  });
}
