// Complaints: an informal one, a statutory one to stage 3 with an extension, wrong input, and the file for the Ombudsman.
import { SCREENS, check, heading, journey, looksRight, open, signIn, test } from '../helpers.mjs';

/** To the form of a new complaint, from the list of cases. */
async function toTheForm(page, keys) {
  await signIn(page, 'officer');
  await keys.follow('Cases');
  await keys.follow(await page.locator('tbody a').first().innerText());
  await keys.follow('Record a complaint');
  check(await heading(page) === 'Record a complaint', 'the form did not open');
}

/** One step: its short form is the button, or stands among what else can happen. */
async function step(page, keys, words, { on, outcome, who, note, told = false }) {
  const likeliest = page.locator('.heard-next .govuk-button');
  if (await likeliest.count() === 0 || (await likeliest.innerText()).trim() !== words) await keys.press('Something else happened');
  await keys.follow(words);
  check(await heading(page) === words, `the form of "${words}" did not open`);
  await keys.date(told ? 'When was the young person told?' : 'When?', on);
  if (outcome) await keys.choose(outcome);
  if (who) await keys.type('Who is', who);
  if (note) await keys.type(told ? 'Why is more time needed?' : 'Note', note);
  await keys.follow('Save');
  check(await page.getByText('The step is on record').count() > 0, `"${words}" was not kept`);
}

async function anInformalComplaint(page, keys, look) {
  await toTheForm(page, keys);
  await look('complaint-new');
  await keys.choose('Informal');
  await keys.type('What it is about, in their words', 'My pocket money is late every week.');
  await keys.follow('Record the complaint');
  check(await page.getByText('My pocket money is late every week.').count() === 1, 'their words are not on the page');
  await look('complaint-informal');
  await keys.follow('Answered informally');
  await keys.choose('Resolved');
  await keys.type('Note', 'The home pays it on Fridays from now on.');
  await keys.follow('Save');
  await step(page, keys, 'Ended', { on: new Date().toISOString().slice(0, 10), outcome: 'Resolved' });
  check((await page.locator('.heard-identity').innerText()).includes('Ended'), 'it does not say that it has ended');
  await look('complaint-ended');
}

async function aStatutoryComplaint(page, keys, look) {
  await toTheForm(page, keys);
  await keys.choose('Formal: the statutory procedure');
  await keys.date('When was it received?', '2022-03-01');
  await keys.type('What it is about, in their words', 'Nobody asked me before I was moved, and my things went missing.');
  await keys.type('Who, or which team', 'Placements team');
  await keys.follow('Record the complaint');
  check((await page.locator('main').innerText()).includes('15 March 2022'), 'the first clock is not due on 15 March');
  await look('complaint-overdue');
  await step(page, keys, 'Stage 1: more time taken', { on: '2022-03-10', told: true, note: 'Two teams have to answer.' });
  check((await page.locator('main').innerText()).includes('29 March 2022'), 'the extension moved nothing');
  await step(page, keys, 'Stage 1: answered', { on: '2022-03-25', outcome: 'Partly upheld' });
  await step(page, keys, 'Stage 2: asked for', { on: '2022-04-01' });
  await step(page, keys, 'Stage 2: investigating officer appointed', { on: '2022-04-04', who: 'Ines Okoro' });
  await step(page, keys, 'Stage 2: independent person appointed', { on: '2022-04-05', who: 'Tom Harker' });
  await step(page, keys, 'Stage 2: statement of complaint agreed', { on: '2022-04-08' });
  const clocks = await page.locator('main').innerText();
  check(clocks.includes('counted from the request') && clocks.includes('counted from the agreed statement'), 'not both readings are shown');
  await step(page, keys, 'Stage 2: more time taken', { on: '2022-05-03', told: true, note: 'The investigating officer was ill.' });
  await step(page, keys, 'Stage 2: investigation completed', { on: '2022-06-20' });
  await step(page, keys, 'Stage 2: answered', { on: '2022-07-01', outcome: 'Partly upheld' });
  await step(page, keys, 'Stage 3: panel asked for', { on: '2022-07-08' });
  await step(page, keys, 'Stage 3: panel met', { on: '2022-08-15' });
  await look('complaint-stage-3');
  await keys.press(': Stage 1: answer');
  check(await page.getByText('was extended to 20 in all').isVisible(), 'the explanation does not open');
  await keys.follow('The file for the Ombudsman');
  const file = await page.locator('main').innerText();
  for (const words of ['Printed by Marcus Adeyemi on', 'Ines Okoro', 'The investigating officer was ill.', 'was extended to 65 in all', 'which is day 0']) {
    check(file.includes(words), `the file does not say "${words}"`);
  }
  await look('complaint-file');
  await page.emulateMedia({ media: 'print' });
  check(!await page.getByText('Print this page').isVisible(), 'what is for the screen is printed');
  await page.screenshot({ path: `${SCREENS}/complaint-file-print.png`, fullPage: true });
}

async function wrongInput(page, keys, look) {
  await toTheForm(page, keys);
  await keys.follow('Record the complaint');
  check(await page.locator('.govuk-error-summary a').count() === 2, 'the summary has not what is missing');
  check(await page.locator('.govuk-error-summary').getByText('Choose what kind of complaint it is').count() === 1, 'the kind is not asked for');
  await look('complaint-new-error');
  await keys.choose('Formal: the statutory procedure');
  await keys.type('What it is about, in their words', 'I was not told the truth.');
  await keys.follow('Record the complaint');
  await keys.press('Something else happened');
  await keys.follow('Stage 1: more time taken');
  await keys.date('When was the young person told?', '2019-01-31');
  await keys.follow('Save');
  check(await page.locator('.govuk-error-summary').getByText('Enter why more time is needed').count() === 1, 'the reason is not asked for');
  check(await page.getByLabel('Year').inputValue() === '2019', 'what was typed is gone');
  await keys.type('Why is more time needed?', 'It is complex.');
  await keys.follow('Save');
  check(await page.locator('.govuk-error-summary').getByText('the day the complaint was received').count() === 1, 'a day before the complaint is taken');
  check(await page.getByLabel('Why is more time needed?').inputValue() === 'It is complex.', 'the reason is gone');
  await look('complaint-step-error');
  page.problems.length = 0; // The browser notes the answer 422 of each form that was not complete.
}

async function theListsAndTheCalendars(page) {
  await signIn(page, 'senior');
  for (const [address, name] of [
    ['/complaints', 'complaints'],
    ['/complaints?state=closed&kind=formal', 'complaints-closed'],
    ['/holidays', 'holidays'],
    ['/holidays/closures', 'office-closures'],
  ]) {
    const answer = await page.goto(address);
    check(answer.status() === 200, `${address} answers ${answer.status()}`);
    await looksRight(page, name);
  }
  await page.goto('/holidays');
  await page.getByLabel('The text of the file').fill('<html>');
  await page.getByRole('button', { name: 'Merge' }).click();
  check(await page.locator('.govuk-error-summary').getByText('cannot be read').count() === 1, 'a wrong file is not refused');
  page.problems.length = 0; // The browser notes the answer 422 of the file that was refused.
  const file = { 'england-and-wales': { events: [{ title: 'New Year’s Day', date: '2029-01-01' }] } };
  await page.getByLabel('The text of the file').fill(JSON.stringify(file));
  await page.getByRole('button', { name: 'Merge' }).click();
  await page.getByText('The file was merged').first().waitFor();
  check(await page.getByText('2029: not known as a whole').count() === 1, 'the new day is not on the page');
}

export default async function complaints({ browser, base }) {
  await journey({ browser, base }, 'an informal complaint is recorded, answered and ends', anInformalComplaint);
  await journey({ browser, base }, 'a statutory complaint goes to stage 3 with an extension, and its file is printed', aStatutoryComplaint);
  await journey({ browser, base }, 'what is missing or cannot be is told at its field, and nothing typed is lost', wrongInput);
  await test('the list of complaints and the calendars can be read, and a file is merged', async () => {
    const page = await open(browser, base);
    await theListsAndTheCalendars(page);
    check(page.problems.length === 0, page.problems.join('\n'));
    await page.context().close();
  });
}
