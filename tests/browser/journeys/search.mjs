// One box finds a person: misspelt, by reference, by date of birth; and the record narrows to what is asked for.
import { check, heading, journey, signIn } from '../helpers.mjs';

export default async function search(site) {
  await journey(site, 'somebody is found however they are typed, and their record is narrowed', async (page, keys, look) => {
    await signIn(page, 'officer');
    await page.goto('/cases?state=all');
    const name = (await page.locator('tbody a').first().innerText()).trim();
    const found = async (text) => {
      await keys.type('Find a child or young person', text);
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
      check(!page.url().includes('?'), 'a name stands in an address');
      return page.getByRole('link', { name }).count();
    };
    check(await found(name.split(' ').reverse().join(' ')) > 0, 'the name the other way round finds nobody');
    await look('search-found');
    // The last letter of the first name is doubled: a slip of the pen.
    const [first, ...rest] = name.split(' ');
    check(await found(`${first}${first.at(-1)} ${rest.join(' ')}`) > 0, 'a slip of the pen finds nobody');
    await look('search-misspelt');
    check(await found('Qqqzzz Xxyyq') === 0, 'somebody is found who is not there');
    await look('search-nobody');
    await found(name);
    await keys.follow(name);
    check((await heading(page)) === name, await heading(page));
    await look('record-timeline');
    await keys.select('Kind', 'Referrals');
    await keys.follow('Show');
    check(page.url().includes('kind=referral'), page.url());
    await page.getByRole('heading', { name: 'Showing only' }).waitFor();
    await look('record-narrowed');
    await keys.follow('Remove filter');
    check(!page.url().includes('kind='), page.url());
  });
}
