// Asking for an officer from outside: on a phone without scripts and on a computer by keyboard, leaving fast, and
// what the next person at the same browser finds. Then an officer reads it and takes it on.
import { check, heading, journey, looksRight, open, signIn, test } from '../helpers.mjs';

const SECRET = 'I do not want to move away from my brother.';

/** Longer than a machine takes. */
const patience = () => new Promise((resolve) => { setTimeout(resolve, 4500); });

async function fill(keys, name) {
  await keys.type('What should we call you?', name);
  await keys.type('How old are you?', '12');
  await keys.choose('Where I live, or moving home');
  await keys.type('Tell us in your own words', SECRET);
  await keys.choose('Send me a text');
  await keys.type('Your phone number', `07700 900 ${name.length}${name.charCodeAt(0)}`);
  await keys.type('When is a good time?', 'After school');
  await keys.choose('Never leave a message');
  await keys.choose('I live in this county');
  await keys.choose('Foster carers');
}

async function asks({ browser, base }) {
  await journey({ browser, base }, 'a young person asks on one page', async (page, keys, look) => {
    await page.goto('/ask');
    await look('ask-choose');
    await keys.follow('I am a child or young person');
    await look('ask-me');
    await keys.press('Send');
    await page.locator('.govuk-error-summary').waitFor();
    await look('ask-me-errors');
    await fill(keys, 'Zee');
    await patience();
    await keys.follow('Send');
    await page.waitForURL(/ask\/me\/done$/);
    await page.locator('.heard-reference').waitFor();
    await look('ask-me-done');
    check((await page.context().cookies()).length === 0, `cookies stay: ${JSON.stringify(await page.context().cookies())}`);
    check(!(await page.content()).includes(SECRET), 'the page repeats what was written');
    await page.reload();
    check(await page.locator('.heard-reference').count() === 0, 'the reference is shown twice');
  });
  await journey({ browser, base }, 'somebody very young is pointed to a grown-up, and sends all the same', async (page, keys, look) => {
    await page.goto('/ask/me');
    await fill(keys, 'Bo');
    await page.getByLabel('How old are you?').fill('6');
    await keys.follow('Send');
    await page.getByText('A grown-up can ask with you').waitFor();
    await look('ask-me-young');
    check(await page.getByLabel('Tell us in your own words').inputValue() === SECRET, 'what was written is lost');
    await patience();
    await keys.follow('Send');
    await page.waitForURL(/ask\/me\/done$/);
  });
  await journey({ browser, base }, 'a professional asks', async (page, keys, look) => {
    await page.goto('/ask/professional');
    await look('ask-professional');
    await keys.type('First name', 'Amina');
    await keys.type('Last name', 'Khan');
    await keys.date('Date of birth', '2014-02-03');
    await keys.choose('They live in this county');
    await keys.type('In a few sentences', 'She has a review and wants somebody with her.');
    await keys.choose('Yes, and they want an officer');
    await keys.type('Your name', 'Jo Field');
    await keys.choose('Social worker');
    await keys.type('Your e-mail address', 'jo@school.example');
    await patience();
    await keys.follow('Send');
    await page.waitForURL(/ask\/done$/);
    await look('ask-done');
  });
}

/** What anybody finds who presses Back, looks at the page, and looks at the boxes. */
async function words(page) {
  const boxes = await page.locator('input:not([type=hidden]), textarea').evaluateAll((all) =>
    all.filter((it) => (it.type === 'checkbox' || it.type === 'radio' ? it.checked : it.value)).map((it) => it.name)).catch(() => []);
  return [await page.content().catch(() => ''), boxes];
}

async function leavesNothing({ browser, base }) {
  for (const scripts of [false, true]) {
    await test(`the back button after sending shows nothing (scripting ${scripts ? 'on' : 'off'})`, async () => {
      const page = await open(browser, base, { scripts, width: 320 });
      await page.goto('/ask');
      await page.getByRole('button', { name: 'I am a child or young person' }).click();
      await page.getByLabel('What should we call you?').fill('Uma');
      await page.getByLabel('How old are you?').fill('13');
      await page.getByLabel('Tell us in your own words').fill(SECRET);
      // A sending that comes back with a mistake is in the history too.
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('.govuk-error-summary').waitFor();
      await page.getByLabel('Send me a text').check();
      await page.getByLabel('Your phone number').fill('07700 900777');
      await page.getByLabel('I live in this county').check();
      await patience();
      await page.getByRole('button', { name: 'Send' }).click();
      await page.waitForURL(/ask\/me\/done$/);
      for (let step = 0; step < 3; step += 1) {
        await page.goBack({ waitUntil: 'load' }).catch(() => {});
        const [text, boxes] = await words(page);
        check(!text.includes(SECRET) && !text.includes('Uma'), `step ${step} back shows what was written`);
        check(boxes.length === 0, `step ${step} back fills in ${boxes}`);
        // Whoever loads that page again, and says yes to sending it again, finds no more.
        await page.reload({ waitUntil: 'load' }).catch(() => {});
        const [again] = await words(page);
        check(!again.includes(SECRET), `step ${step} back and loaded again shows what was written`);
      }
      await page.context().close();
    });
  }
}

/** Somewhere else on the web, here. */
async function elsewhere(page) {
  await page.context().route('https://www.bbc.co.uk/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>Weather</title><h1>Weather</h1>' }));
}

async function exits({ browser, base }) {
  await test('"Exit this page" is a link that works without scripts', async () => {
    const page = await open(browser, base, { scripts: false, width: 320 });
    await elsewhere(page);
    await page.goto('/ask/me');
    await page.getByRole('button', { name: 'Exit this page' }).click();
    await page.waitForURL('https://www.bbc.co.uk/weather');
    await page.context().close();
  });
  for (const [name, leave] of [
    ['the button', (page) => page.getByRole('button', { name: 'Exit this page' }).click()],
    ['Shift three times', async (page) => { for (let press = 0; press < 3; press += 1) await page.keyboard.press('Shift'); }],
  ]) {
    await test(`leaving by ${name} takes the page out of the history`, async () => {
      const page = await open(browser, base, { width: 320 });
      await elsewhere(page);
      await page.goto('/ask');
      await page.goto('/ask/me');
      await page.getByLabel('Tell us in your own words').fill(SECRET);
      await page.getByRole('heading', { level: 1 }).click();
      await leave(page);
      await page.waitForURL('https://www.bbc.co.uk/weather');
      await page.goBack({ waitUntil: 'load' });
      check(new URL(page.url()).pathname === '/ask', `going back leads to ${page.url()}`);
      check(page.problems.length === 0, page.problems.join('\n'));
      await page.context().close();
    });
  }
}

async function isTakenOn({ browser, base }) {
  await journey({ browser, base }, 'an officer reads what came in and takes it on', async (page, keys, look) => {
    await signIn(page, 'officer');
    await page.getByRole('link', { name: /requests? for an officer/ }).waitFor();
    await look('work-requests');
    await page.goto('/requests');
    await look('requests');
    await page.getByRole('link', { name: /^Zee/ }).first().click();
    await page.locator('.heard-own-words').getByText(SECRET).waitFor();
    await look('request');
    await keys.follow('Take it on');
    await keys.type('Last name', `Adewale-${Date.now()}`);
    await keys.date('Date of birth', '2014-05-06');
    await keys.choose('Children in care and care leavers');
    await keys.select('Main reason', 'Placement');
    await keys.select('Legal status on that day', 'Accommodated');
    await look('request-take');
    await keys.follow('Take it on');
    // On the second walk somebody with this name and birthday is on record already.
    if (await page.getByText('Is it one of these, who are on record?').count()) {
      await look('request-take-who');
      await keys.choose('None of them: somebody new');
      await keys.follow('Take it on');
    }
    await page.getByText('The request is taken on, and this is its referral').waitFor();
    await page.getByText('Never leave a message').first().waitFor();
    await look('request-taken');
    await page.goto('/requests?state=taken');
    await page.getByRole('link', { name: /^Zee/ }).first().waitFor();
  });
  await journey({ browser, base }, 'what is not for us is pointed elsewhere and put back', async (page, keys, look) => {
    await signIn(page, 'senior');
    await page.goto('/requests');
    await page.getByRole('link', { name: /^Bo/ }).first().click();
    await keys.follow('It is not for us');
    await keys.choose('Pointed elsewhere');
    await keys.press('Settle it');
    await page.locator('.govuk-error-summary').getByText('Enter where you pointed them').waitFor();
    await keys.type('Where did you point them?', 'The school nurse');
    await keys.type('Why?', 'Too young to ask alone');
    await look('request-settle');
    await keys.follow('Settle it');
    await page.getByText('The request is settled').waitFor();
    await page.goto('/requests?state=elsewhere');
    await page.getByRole('link', { name: /^Bo/ }).first().click();
    await look('request-elsewhere');
    await keys.follow('Put it back on the list');
    await page.getByText('The request is on the list again').waitFor();
  });
}

export default async function asking({ browser, base }) {
  await asks({ browser, base });
  await exits({ browser, base });
  await leavesNothing({ browser, base });
  await isTakenOn({ browser, base });
  await test('an administrator sees that e-mail is off', async () => {
    const page = await open(browser, base);
    await signIn(page, 'administrator');
    await page.goto('/mail');
    check(await heading(page) === 'E-mails not sent', await heading(page));
    await looksRight(page, 'mail');
    await page.context().close();
  });
}
