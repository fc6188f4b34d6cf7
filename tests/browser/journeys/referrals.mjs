// From an imported referral to the closed case and the report, and the pages around it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, email, heading, looksRight, open, signIn, tabTo, test, typeInto } from '../helpers.mjs';

/** The journey of a day, with the keys alone: from an imported referral to the closed case and the report. */
async function workAReferralByKeyboard(page) {
  await signIn(page, 'senior');
  await tabTo(page, 'Referrals');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/referrals');
  const first = page.locator('tbody a').first();
  const name = await first.innerText();
  await tabTo(page, name);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/referrals\/[0-9a-f]{32}$/);

  await tabTo(page, 'How');
  await page.keyboard.type('Phone');
  await tabTo(page, 'With whom');
  await page.keyboard.type('Parent');
  await tabTo(page, 'They were reached');
  await page.keyboard.press('Space');
  await typeInto(page, 'Note', 'Mum is happy for me to ask her.');
  await tabTo(page, 'Log the attempt');
  await page.keyboard.press('Enter');
  await page.getByText('The attempt is on record').waitFor();

  await tabTo(page, 'Accept');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/accept');
  await tabTo(page, 'said yes themselves');
  await page.keyboard.press('Space');
  await tabTo(page, 'Accept and open the case');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
  const address = page.url();

  await tabTo(page, 'The referral it came from');
  await page.keyboard.press('Enter');
  await page.getByText('Yes, they want an officer').waitFor();
  await page.goto(address);

  await tabTo(page, 'Give it to another officer');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/allocate');
  await tabTo(page, 'Officer');
  await page.keyboard.type('Marcus');
  await tabTo(page, 'Give');
  await page.keyboard.press('Enter');
  await page.getByText('The case has its new officer').waitFor();
  check((await page.locator('aside').innerText()).includes('Marcus Adeyemi'), 'the new officer is not on the page');

  await tabTo(page, 'Close the case');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/close');
  await tabTo(page, 'What the young person asked for is settled');
  await page.keyboard.press('Space');
  await tabTo(page, 'Close the case');
  await page.keyboard.press('Enter');
  await page.getByText('The case is closed').first().waitFor();

  await tabTo(page, 'Figures');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/reports\/annual/);
  check(await heading(page) === 'Annual report', 'the report did not open');
}

async function visitEverything(page) {
  const seen = async (address, name) => {
    const answer = await page.goto(address);
    check(answer.status() === 200, `${address} answers ${answer.status()}`);
    await looksRight(page, name);
  };
  await signIn(page, 'senior');
  await looksRight(page, 'my-work');
  await seen('/referrals', 'referrals');
  const referral = await page.locator('tbody a').first().getAttribute('href');
  await seen(referral, 'referral');
  await seen(`${referral}/offer`, 'offer');
  await seen(`${referral}/accept`, 'accept');
  await seen(`${referral}/not-taken-up`, 'not-taken-up');
  await seen(`${referral}/allocate`, 'referral-allocate');
  await seen('/referrals?state=all&sort=name&page=2', 'referrals-page-2');
  await seen('/referrals?state=in_doubt', 'referrals-none');
  await seen('/cases', 'cases');
  const one = await page.locator('tbody a').first().getAttribute('href');
  await seen(one, 'case');
  await page.goto(one);
  await seen(await page.getByRole('link', { name: 'The whole record' }).getAttribute('href'), 'record');
  await seen(`${one}/close`, 'close');
  await seen(`${one}/allocate`, 'case-allocate');
  await seen('/cases?state=closed', 'cases-closed');
  const closed = await page.locator('tbody a').first().getAttribute('href');
  await seen(`${closed}/reopen`, 'reopen');
  await seen('/imports', 'imports');
  await seen(await page.locator('tbody a').first().getAttribute('href'), 'import');
  await seen('/imports/review', 'review');
  await seen('/reports/annual?from=2021-04-01&to=2022-03-31', 'report');
  const rows = await page.locator('tbody td a').first().getAttribute('href');
  await seen(rows, 'report-rows');
  await seen('/password', 'password');
}

/** Wrong input: the summary has the focus and leads to the field, which says the same and keeps what was typed. */
async function errorsAreTold(page) {
  await signIn(page, 'senior');
  await page.goto('/referrals?state=untaken');
  const referral = await page.locator('tbody a').first().getAttribute('href');
  await page.goto(`${referral}/accept`);
  await page.getByLabel('Day').first().fill('31');
  await page.getByLabel('Month').first().fill('feb');
  await page.getByRole('button', { name: 'Accept and open the case' }).click();
  await page.locator('.govuk-error-summary').waitFor();
  check((await page.title()).startsWith('Error: '), 'the title does not say that there is an error');
  check(await page.getByLabel('Month').first().inputValue() === 'feb', 'what was typed is gone');
  const link = page.locator('.govuk-error-summary a').first();
  const sentence = await link.innerText();
  check((await page.locator('.govuk-error-message').allInnerTexts()).some((it) => it.includes(sentence)), 'the field says something else');
  await looksRight(page, 'accept-error');
  for (const [address, button, name] of [
    [`${referral}/offer`, null, 'offer-error'],
    [`${referral}/not-taken-up`, 'Save', 'not-taken-up-error'],
    [referral, 'Log the attempt', 'attempt-error'],
  ]) {
    await page.goto(address);
    if (button === null) {
      await page.getByRole('group', { name: 'When did they say so?' }).getByLabel('Day').fill('99');
      await page.getByRole('button', { name: 'Save' }).click();
    } else {
      await page.getByRole('button', { name: button }).click();
    }
    await page.locator('.govuk-error-summary').waitFor();
    await looksRight(page, name);
  }
  await page.goto('/cases');
  const open = await page.locator('tbody a').first().getAttribute('href');
  await page.goto('/cases?state=closed');
  const closed = await page.locator('tbody a').first().getAttribute('href');
  for (const [address, button, name] of [
    [`${referral}/allocate`, 'Give', 'referral-allocate-error'],
    [`${open}/close`, 'Close the case', 'close-error'],
    [`${open}/allocate`, 'Give', 'case-allocate-error'],
    [`${closed}/reopen`, 'Reopen the case', 'reopen-error'],
    ['/password', 'Change password', 'password-error'],
  ]) {
    await page.goto(address);
    await page.getByLabel('Year').first().fill('1999', { timeout: 500 }).catch(() => {});
    await page.getByRole('button', { name: button }).click();
    await page.locator('.govuk-error-summary').waitFor();
    await looksRight(page, name);
  }
  await page.goto('/referrals/00000000000000000000000000000000');
  await looksRight(page, 'not-found');
  await page.goto('/reports/annual?from=2022-13-01&to=2021-01-01');
  await looksRight(page, 'report-error');
}

/** Somebody asks for an officer; asking again finds who is on record and makes no second referral. */
async function recordAReferral(page) {
  const fill = async () => {
    await page.goto('/referrals');
    await page.getByRole('link', { name: 'Record a referral' }).click();
    await page.getByLabel('First name').fill('Zoë-Ann');
    await page.getByLabel('Last name').fill("O'Brien");
    const born = page.getByRole('group', { name: 'Date of birth' });
    await born.getByLabel('Day').fill('3rd');
    await born.getByLabel('Month').fill('jan');
    await born.getByLabel('Year').fill('2009');
    await page.getByLabel('Children in care and care leavers').check();
    await page.getByLabel('Who asks?').selectOption({ label: 'The young person themselves' });
  };
  const send = () => page.getByRole('button', { name: 'Record the referral' }).click();
  await signIn(page, 'officer');
  await page.goto('/referrals/new');
  await send();
  const told = page.locator('.govuk-error-summary__list li');
  check(await told.count() > 3 && await told.count() === await told.locator('a').count(), 'a sentence leads to no field, or is said twice');
  await fill();
  await looksRight(page, 'receive');
  await send();
  await page.getByRole('link', { name: 'Choose the main reason for the referral' }).waitFor();
  await looksRight(page, 'receive-error');
  await page.getByLabel('Main reason').selectOption({ label: 'Placement' });
  await page.getByLabel('Legal status on that day').selectOption({ label: 'Care order, section 31' });
  await send();
  await page.getByText('The referral is on record').waitFor();
  check((await heading(page)) === "Zoë-Ann O'Brien", await heading(page));

  await fill();
  await page.getByLabel('Main reason').selectOption({ label: 'Housing (18 and over)' });
  await page.getByLabel('Legal status on that day').selectOption({ label: 'Care leaver' });
  await send();
  await page.getByRole('link', { name: /Say whether it is somebody on record/ }).waitFor();
  await looksRight(page, 'receive-who');
  await page.getByLabel(/O'Brien, born 3 January 2009/).check();
  await send();
  await page.locator('.govuk-error-summary').getByText('has an open referral or case').waitFor();
}

/** A schedule names somebody who is on record without a reference: the row waits until the senior officer decides. */
async function decideWhoItIs(page, heard) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-schedule-'));
  const file = join(folder, 'review.csv');
  writeFileSync(file, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth',
    'R-1,review,2026-12-10,NEW-1,Zoe Ann,OBrien,2009-01-03',
    'R-1,review,2026-12-10,NEW-2,Ann,,31/02/2012',
  ].join('\n'));
  const report = JSON.parse(heard('import', 'conferences', file, '--format', 'json'));
  rmSync(folder, { recursive: true });
  check(report.review === 1 && report.rejected === 1, JSON.stringify(report));
  await signIn(page, 'senior');
  await page.getByRole('link', { name: 'imported rows that wait' }).click();
  await looksRight(page, 'review-waiting');
  await page.getByRole('link', { name: 'Zoe Ann OBrien' }).click();
  await looksRight(page, 'review-row');
  await page.getByLabel('They are').first().check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The row is on record').waitFor();
  await page.getByText('No row waits for a decision.').waitFor();
  await page.goto('/imports');
  await page.getByRole('link', { name: 'review.csv' }).click();
  await page.getByText('date_of_birth').waitFor();
  await looksRight(page, 'import-rejected');
}

/** Nothing typed is lost: not when somebody else was quicker, and not when nobody knows who is typing. */
async function typedWordsStay(browser, base) {
  const [first, second] = [await open(browser, base), await open(browser, base)];
  await signIn(first, 'senior');
  await signIn(second, 'officer');
  await first.goto('/referrals');
  const referral = await first.locator('tbody a').first().getAttribute('href');
  for (const page of [first, second]) await page.goto(`${referral}/not-taken-up`);
  for (const page of [first, second]) {
    await page.getByLabel('Withdrawn').check();
    await page.getByLabel('Note').fill('The family moves away next week.');
    await page.getByRole('button', { name: 'Save' }).click();
  }
  await first.getByText('The answer is on record').waitFor();
  await second.locator('.govuk-error-summary').getByText('Somebody else changed this while you were writing').waitFor();
  check(await second.getByLabel('Note').inputValue() === 'The family moves away next week.', 'what was typed is gone');
  await looksRight(second, 'changed');

  await second.goto('/referrals');
  await second.locator('tbody a').first().click();
  await second.getByLabel('Note').fill('Rang twice and left a message.');
  await second.context().clearCookies();
  await second.getByRole('button', { name: 'Log the attempt' }).click();
  await second.getByText('Rang twice and left a message.').waitFor();
  await looksRight(second, 'expired');
}

export default async function referrals({ browser, base, service }) {
  await test('a schedule of twelve children on five conferences comes in', async () => {
    const report = JSON.parse(service.heard('import', 'conferences', 'seeds/example-schedule.csv', '--format', 'json'));
    check(report.rows === 12 && report.created === 12, JSON.stringify(report));
    check(report.referrals === 7 && report.below_threshold === 3, JSON.stringify(report));
  });
  await test('signing in with a wrong password says so and keeps the address', async () => {
    const page = await open(browser, base);
    await page.goto('/sign-in');
    await looksRight(page, 'sign-in');
    await page.getByLabel('E-mail address').fill(email('senior'));
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    check(await page.getByLabel('E-mail address').inputValue() === email('senior'), 'the address is gone');
    await looksRight(page, 'sign-in-error');
  });
  for (const scripts of [true, false]) {
    await test(`a referral is worked from offer to report by keyboard, scripting ${scripts ? 'on' : 'off'}`, async () => {
      const page = await open(browser, base, { scripts });
      await workAReferralByKeyboard(page);
      check(page.problems.length === 0, page.problems.join('\n'));
    });
  }
  await test('every page is without a violation at phone and desktop width', async () => {
    const page = await open(browser, base);
    await visitEverything(page);
    check(page.problems.length === 0, page.problems.join('\n'));
  });
  await test('errors stand in the summary and at the field, and nothing typed is lost', async () => {
    await errorsAreTold(await open(browser, base));
  });
  await test('the report of 2021-22 opens its rows', async () => {
    const page = await open(browser, base);
    await signIn(page, 'manager');
    await page.goto('/reports/annual?from=2021-04-01&to=2022-03-31');
    const link = page.getByRole('link', { name: '240 referrals: Automatic: initial child protection conference' });
    await link.click();
    check((await page.locator('main').innerText()).includes('240'), 'the rows do not say how many they are');
    await looksRight(page, 'report-rows-manager');
  });
  await test('a manager reads a record only for a stated reason, which the senior officer sees', async () => {
    const senior = await open(browser, base);
    await signIn(senior, 'senior');
    await senior.goto('/referrals?state=all');
    const referral = await senior.locator('tbody a').first().getAttribute('href');
    const page = await open(browser, base);
    await signIn(page, 'manager');
    await page.goto(referral);
    check(await heading(page) === 'Why do you need to see this record?', await heading(page));
    await looksRight(page, 'reason');
    await page.getByLabel('Your reason').fill('A complaint about this referral has reached me.');
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByText('The offer', { exact: true }).waitFor();
    await senior.goto('/');
    await senior.getByText('A complaint about this referral has reached me.').waitFor();
  });
  for (const [who, title] of [['administrator', 'Users'], ['auditor', 'Access record'], ['participation', 'My work'], ['officer', 'My work']]) {
    await test(`the ${who} has a first page`, async () => {
      const page = await open(browser, base);
      await signIn(page, who);
      check((await heading(page)).startsWith(title), await heading(page));
      await looksRight(page, `home-${who}`);
    });
  }
  await test('a referral that somebody asks for is recorded once', async () => {
    const page = await open(browser, base);
    await recordAReferral(page);
  });
  await test('a row that may be about somebody on record waits for a decision', async () => {
    const page = await open(browser, base);
    await decideWhoItIs(page, service.heard);
  });
  await test('what was typed stays when it could not be saved, and can be copied when nobody knows whose it is', async () => {
    await typedWordsStay(browser, base);
  });
  await test('the search finds a person by two words of the name in any order', async () => {
    const page = await open(browser, base);
    await signIn(page, 'officer');
    await page.goto('/referrals?state=all');
    const name = await page.locator('tbody a').first().innerText();
    await page.locator('input[name=q]').first().fill(name.split(' ').reverse().join(' '));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name }).first().waitFor();
    check(!page.url().includes('?'), 'a name stands in an address');
    await looksRight(page, 'search');
  });
}
