// A record is closed to a member of staff, is nowhere for them, and is looked at again.
import { check, heading, journey, open, signIn } from '../helpers.mjs';

/** The record of somebody whom Marcus does not hold, and their name. */
async function somebodyElses(page) {
  await page.goto('/cases?state=closed');
  const first = page.locator('tbody a').first();
  const name = (await first.innerText()).trim();
  await page.goto(await first.getAttribute('href'));
  return { name, record: await page.getByRole('link', { name: 'The whole record' }).getAttribute('href') };
}

export default async function restrict(site) {
  await journey(site, 'a senior officer closes a record to an officer and opens it again', async (page, keys, look) => {
    await signIn(page, 'senior');
    const { name, record } = await somebodyElses(page);
    await page.goto(record);
    await keys.follow('Close this record to somebody');
    await keys.press('Close the record to them');
    await page.locator('.govuk-error-summary').waitFor();
    await look('restrict-error');
    await keys.select('To whom?', 'Marcus');
    await keys.choose('They are a relative');
    await keys.type('In a sentence', 'He told me that she is his niece.');
    await keys.follow('Close the record to them');
    await page.getByText('The record is closed to them from now on').waitFor();
    await look('restriction');
    const restriction = page.url();

    const marcus = await open(site.browser, site.base);
    await signIn(marcus, 'officer');
    const answer = await marcus.goto(record);
    check(answer.status() === 404, `the record answers ${answer.status()}`);
    await marcus.getByLabel('Find a child or young person').fill(name);
    await marcus.keyboard.press('Enter');
    await marcus.getByRole('heading', { name: 'Search' }).waitFor();
    check(await marcus.locator(`a[href="${record}"]`).count() === 0, 'the search shows it');
    await marcus.context().close();

    await page.goto('/restrictions');
    await look('restrictions');
    await keys.follow(name);
    check(page.url() === restriction, 'the list leads elsewhere');
    await keys.choose('It is open to them again');
    await keys.type('Why?', 'It was another family.');
    await keys.follow('Save the review');
    await page.getByText('The review is on record').waitFor();
    check(await heading(page) === 'Open again', await heading(page));
    await look('restriction-ended');
  });
}
