// An issue from what the young person wants to what came of it.
import { check, journey, signIn } from '../helpers.mjs';

export default async function journeys(where) {
  await journey(where, 'open, work and close an issue', async (page, keys, look) => {
    await signIn(page, 'officer');
    await page.goto('/cases?officer=me');
    await page.goto(await page.locator('tbody a').last().getAttribute('href'));
    const address = page.url();
    await keys.follow('Open an issue');
    await look('issue-new');
    await keys.type('What do they want, in their words?', 'I want to see my brother on Sundays.');
    await keys.choose('Family time');
    await keys.follow('Open the issue');
    await page.getByText('The issue is open').waitFor();
    const issue = page.url();
    await look('issue-open');

    await keys.follow('Who is asked, and how they were heard');
    await keys.type('Name of whoever decides', 'A team manager');
    await keys.type('Space', 'On a walk, just the two of us.');
    await keys.type('Voice', 'He is my best friend.');
    await look('issue-asking');
    await keys.follow('Save');
    await page.getByText('It is on record').waitFor();
    check(await page.getByText('He is my best friend.').count() === 1, 'their voice is not on the page');

    await page.goto(`${address}/close`);
    check(await page.getByText('These issues are open').count() === 1, 'the closing form says nothing of the open issue');
    await look('case-close-open-issues');
    await keys.choose('What the young person asked for is settled');
    await keys.follow('Close the case');
    await page.locator('.govuk-error-summary').getByText('open issue').waitFor();

    await page.goto(issue);
    await keys.follow('Close the issue');
    await keys.follow('Close the issue');
    check(await page.locator('.govuk-error-summary').count() === 1, 'an issue closed without a result');
    // The browser counts a page that says what is wrong as a problem of its own.
    page.problems.length = 0;
    await keys.choose('Partly met');
    await keys.choose('At a meeting');
    await look('issue-close');
    await keys.follow('Close the issue');
    await page.getByText('The issue is closed').waitFor();
    await look('issue-closed');
    await keys.follow('Reopen the issue');
    await look('issue-reopen');
    await keys.follow('Reopen the issue');
    await page.getByText('The issue is open again').waitFor();
    await page.goto(address);
    await look('case-issues');
    await page.goto(`${issue}/close`);
    await keys.choose('Withdrawn');
    await keys.follow('Close the issue');
    await page.getByText('The issue is closed').waitFor();
  });
}
