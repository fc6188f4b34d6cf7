// Contacts: a call, several children at once, the same again today, and the follow-up that is done.
import { check, journey, signIn } from '../helpers.mjs';

export default async function journeys(where) {
  await journey(where, 'log a call', async (page, keys, look) => {
    await signIn(page, 'officer');
    await keys.follow('Log a contact');
    await look('contact-choose');
    const first = (await page.locator('.govuk-checkboxes__label').first().innerText()).trim();
    await keys.choose(first);
    await keys.follow('Go on');
    await look('contact-log');
    await keys.choose('Phone call');
    await keys.select('With whom?', 'Child');
    await keys.type('in their own words', 'I want to stay at my school.');
    await keys.type('What is to be done?', 'Ring the school');
    await keys.date('By when?', '2099-01-05');
    await keys.follow('Log the contact');
    await page.getByText('The contact is on record').waitFor();
    check(await page.getByText('I want to stay at my school.').count() > 0, 'their own words are not on the page of the case');
    check(await page.getByText('Ring the school').count() > 0, 'the task is not on the page of the case');
    await look('case-contacts');

    await keys.follow('Again, today');
    await page.getByText('The same contact is on record for today').waitFor();
    check(await page.getByText('I want to stay').count() === 0, 'words were copied');
    await look('contact-again');
    await keys.follow('Change this contact');
    await keys.type('Your note about all of it', 'Nobody at home.');
    await look('contact-edit');
    await keys.follow('Save');
    await page.getByText('The contact is changed').waitFor();
    await keys.follow('What was changed');
    await look('contact-history');
    await page.goBack();
    await keys.follow('It was recorded in error');
    await keys.type('Why should it not be there?', 'It was the day before.');
    await look('contact-in-error');
    await keys.follow('Mark as recorded in error');
    await page.getByText('It was the day before.').waitFor();
    await look('contact-marked');

    await page.goto('/tasks');
    await look('tasks');
    const before = await page.getByText('Ring the school').count();
    await keys.follow('Done Ring the school');
    await page.getByText('The task is done').waitFor();
    check(await page.locator('main').getByText('Ring the school').count() < before, 'the task is still there');
    await page.goto('/tasks?state=done');
    await look('tasks-done');
    await keys.follow('Undo Ring the school');
    await page.getByText('The task is to be done again').waitFor();
  });

  await journey(where, 'several children at once', async (page, keys, look) => {
    await signIn(page, 'officer');
    await page.goto('/contacts/new');
    const labels = await page.locator('.govuk-checkboxes__label').allInnerTexts();
    await keys.choose(labels[0].trim());
    await keys.choose(labels[1].trim());
    await keys.follow('Go on');
    check(await page.getByText('in their own words').count() === 2, 'not everybody has a box of their own');
    await keys.choose('Visit');
    await keys.select('With whom?', 'Parent');
    await page.locator('textarea[name^=words-]').nth(0).fill('I like it here.');
    await page.locator('textarea[name^=words-]').nth(1).fill('I want to go home.');
    await look('contact-several');
    await keys.follow('Log the contact');
    await page.getByText('The contact is on record').waitFor();
    await keys.follow('Visit with parent or carer');
    for (const words of ['I like it here.', 'I want to go home.']) {
      check(await page.getByText(words).count() === 1, `"${words}" is not on the contact`);
    }
    await look('contact');
  });

  await journey(where, 'a contact that cannot be is told at its field', async (page, keys, look) => {
    await signIn(page, 'officer');
    await page.goto('/contacts/new');
    await keys.follow('Go on');
    check((await page.title()).startsWith('Error: '), 'the title does not say that there is an error');
    const label = (await page.locator('.govuk-checkboxes__label').first().innerText()).trim();
    await keys.choose(label);
    await keys.follow('Go on');
    await keys.type('Your note about all of it', 'A long talk.');
    await keys.date('On which day?', '2099-01-05');
    await keys.follow('Log the contact');
    check(await page.locator('.govuk-error-summary').count() === 1, 'there is no summary');
    check(await page.getByLabel('Your note about all of it').inputValue() === 'A long talk.', 'what was typed is gone');
    await look('contact-error');
    // The browser counts a page that says what is wrong as a problem of its own.
    page.problems.length = 0;
  });
}
