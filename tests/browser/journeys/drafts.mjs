// Nothing typed is ever lost: drafts from the first key, drafts without scripts, two editors.
import { check, email, heading, journey, looksRight, open, signIn, startService, test } from '../helpers.mjs';

/** The page of a form about one referral that waits for an answer; each test takes one of its own. */
async function waiting(page, number) {
  await page.goto('/referrals');
  return page.locator('tbody a').nth(number).getAttribute('href');
}

const status = (page) => page.locator('.heard-draft');
const saved = (page) => status(page).getByText(/Saved as a draft at \d\d:\d\d/).first().waitFor();

/** With scripts: a key is typed, the page is left, and the words are there again. */
async function fromTheFirstKey(page) {
  await signIn(page, 'officer');
  const referral = await waiting(page, 0);
  await page.goto(`${referral}/not-taken-up`);
  await page.getByLabel('Note').pressSequentially('The family');
  await saved(page);
  await looksRight(page, 'draft-saved');
  // Typed on and left at once, without a pause.
  await page.getByLabel('Note').pressSequentially(' moves away.');
  await page.goto('/');
  await page.goto(`${referral}/not-taken-up`);
  check(await page.getByLabel('Note').inputValue() === 'The family moves away.', await page.getByLabel('Note').inputValue());
  await page.getByText(/This is what you had written at \d\d:\d\d/).waitFor();
  await looksRight(page, 'draft-resumed');

  await page.goto('/drafts');
  await page.getByRole('link', { name: 'Go on with: The offer was not taken up' }).waitFor();
  await looksRight(page, 'drafts');
  await page.goto(`${referral}/not-taken-up`);
  await page.getByRole('button', { name: 'Throw it away' }).click();
  await page.getByText('What you had written was thrown away').waitFor();
  check(await page.getByLabel('Note').inputValue() === '', 'it is still there');
  const stores = await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
  check(stores === 0, 'something is kept in the browser');
}

/** The line is cut while somebody types: the page says so, keeps trying, and saves when the line is back. */
async function offline(page) {
  await signIn(page, 'officer');
  const referral = await waiting(page, 0);
  await page.goto(`${referral}/not-taken-up`);
  await page.context().setOffline(true);
  await page.getByLabel('Note').pressSequentially('Typed on the train.');
  await status(page).getByText('We cannot reach Heard').waitFor();
  await looksRight(page, 'draft-offline');
  await page.context().setOffline(false);
  await saved(page);
  await page.goto(`${referral}/not-taken-up`);
  check(await page.getByLabel('Note').inputValue() === 'Typed on the train.', 'what was typed offline is gone');
  await page.getByRole('button', { name: 'Throw it away' }).click();
}

/** Two write on one page: each is told of the other, and the second sees both texts and decides. */
async function twoEditors(browser, base) {
  const [first, second] = [await open(browser, base), await open(browser, base)];
  await signIn(first, 'senior');
  await signIn(second, 'officer');
  const referral = await waiting(first, 1);
  for (const page of [first, second]) await page.goto(`${referral}/offer`);
  const fill = async (page, date) => {
    const asked = page.getByRole('group', { name: 'When was the child or young person asked?' });
    for (const [part, value] of [['Day', date.getDate()], ['Month', date.getMonth() + 1], ['Year', date.getFullYear()]]) await asked.getByLabel(part).fill(String(value));
  };
  const today = new Date();
  const before = new Date(today.getTime() - 2 * 24 * 60 * 60 * 1000);
  await fill(first, today);
  await saved(first);
  await fill(second, before);
  await status(second).getByText('Priya Nair is writing on this page too').waitFor();
  await fill(first, today);
  await status(first).getByText('Marcus Adeyemi is writing on this page too').waitFor();
  await looksRight(first, 'draft-two-writing');
  await first.getByRole('button', { name: 'Save' }).click();
  await first.getByText('The offer is on record').waitFor();

  await second.getByRole('button', { name: 'Save' }).click();
  await second.locator('.govuk-error-summary').getByText('Somebody else changed this while you were writing').waitFor();
  const theirs = second.locator('.heard-theirs');
  check(await theirs.count() === 1, `${await theirs.count()} answers are said to differ`);
  check((await theirs.innerText()).includes('On record now'), await theirs.innerText());
  const asked = second.getByRole('group', { name: 'When was the child or young person asked?' });
  check(await asked.getByLabel('Day').inputValue() === String(before.getDate()), 'what the second typed is gone');
  await looksRight(second, 'draft-both-texts');
}

/** Pages of sessions that run out after a minute without use; what is answered looks at them after that minute. */
async function sessionsRunOut(browser) {
  const short = await startService({ HEARD_SIGN_IN__IDLE_MINUTES: '1' });
  const pages = [];
  for (const scripts of [false, true]) {
    const page = await open(browser, short.base, { scripts, width: scripts ? 1280 : 320 });
    await signIn(page, scripts ? 'senior' : 'officer');
    const referral = await waiting(page, 2);
    await page.goto(`${referral}/not-taken-up`);
    pages.push([page, referral]);
  }
  const [[plain, plainReferral], [scripted, scriptedReferral]] = pages;
  const over = new Promise((resolve) => { setTimeout(resolve, 61000); });
  return {
    stop: () => short.stop(),
    async walk() {
      await over;
      await plain.getByLabel('Note').fill('Written over a long phone call.');
      await plain.getByRole('button', { name: 'Save' }).click();
      await plain.getByText('What you had written is kept as a draft').waitFor();
      check(!(await plain.locator('main').innerText()).includes('long phone call'), 'it is shown to whoever sits there');
      await plain.getByRole('link', { name: 'Sign in again' }).click();
      await again(plain, 'officer');
      check(plain.url().endsWith(`${plainReferral}/not-taken-up`), plain.url());
      check(await plain.getByLabel('Note').inputValue() === 'Written over a long phone call.', 'what was typed is gone');

      await scripted.getByLabel('Note').pressSequentially('Typed after the end.');
      await status(scripted).getByText('You have been signed out. What you wrote was still saved as a draft').waitFor();
      await scripted.goto(`${scriptedReferral}/not-taken-up`);
      await again(scripted, 'senior');
      check(await scripted.getByLabel('Note').inputValue() === 'Typed after the end.', 'what was typed is gone');
    },
  };
}

async function again(page, who) {
  await page.getByLabel('E-mail address').fill(email(who));
  await page.getByLabel('Password', { exact: true }).fill('heard demonstration');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((address) => address.pathname !== '/sign-in');
}

/** Pressed twice, it is done once. */
async function sentTwice(page) {
  await signIn(page, 'officer');
  const referral = await waiting(page, 3);
  await page.goto(referral);
  const before = await page.locator('.heard-timeline__item').count();
  await page.getByLabel('How').selectOption({ label: 'Phone call' }).catch(() => page.getByLabel('How').selectOption({ index: 1 }));
  await page.getByLabel('With whom').selectOption({ index: 1 });
  const form = await page.locator('form[action*="/attempts"]').evaluate((it) => [...new FormData(it)].map(([name, value]) => [name, String(value)]));
  for (let time = 0; time < 2; time += 1) {
    const answer = await page.request.post(`${referral}/attempts`, {
      form: Object.fromEntries(form), headers: { Origin: new URL(page.url()).origin }, maxRedirects: 0,
    });
    check(answer.status() === 303, `the answer is ${answer.status()}`);
  }
  await page.goto(referral);
  check(await page.locator('.heard-timeline__item').count() === before + 1, 'it is on record more than once');
}

export default async function drafts({ browser, base }) {
  // The minute goes by while the others walk.
  const ended = await sessionsRunOut(browser);
  await journey({ browser, base }, 'what was half written is gone on with, and thrown away', async (page, keys, look) => {
    await signIn(page, 'officer');
    await page.goto('/referrals/new');
    await keys.type('First name', 'Nadia');
    // Without scripts it is kept when it is sent, with them from the first key.
    await keys.follow('Record the referral');
    await page.goto('/drafts');
    await keys.follow('Go on with: Record a referral');
    check(await heading(page) === 'Record a referral', await heading(page));
    check(await page.getByLabel('First name').inputValue() === 'Nadia', 'what was typed is gone');
    await look('draft-new-referral');
    await keys.follow('Throw it away');
    check(await page.getByLabel('First name').inputValue() === '', 'it is still there');
    page.problems.length = 0; // The browser notes the answer 422 of the form that was not complete.
  });
  for (const [name, walk] of [
    ['words are saved as a draft from the first key', fromTheFirstKey],
    ['words typed without a connection are saved when it is back', offline],
    ['a form sent twice makes one record', sentTwice],
  ]) {
    await test(name, async () => {
      const page = await open(browser, base);
      await walk(page);
      await page.context().close();
    });
  }
  await test('two who write on one page learn of it and see both texts', () => twoEditors(browser, base));
  await test('words of a session that ran out are back after signing in again, with and without scripts', () => ended.walk());
  ended.stop();
}
