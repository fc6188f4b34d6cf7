// The lists a council keeps: adding, renaming, retiring.
import { check, journey, signIn } from '../helpers.mjs';

async function walk(page, keys, look) {
  await signIn(page, 'senior');
  await keys.follow('Lists');
  await look('lists');
  await keys.follow('Outcomes');
  const words = `A place at college ${page.viewportSize().width}`;
  await keys.type('What it says', words);
  await keys.follow('Add to the list');
  await page.getByText('The entry is on the list').waitFor();
  await look('list');
  await keys.follow(words);
  await keys.type('What it says', `${words} or work`);
  await keys.follow('Rename');
  await page.getByText('The entry has its new words').waitFor();
  await keys.follow(`${words} or work`);
  await look('list-entry');
  await keys.follow('Retire');
  await page.getByText('The entry is retired').waitFor();
  check(await page.getByText('Retired', { exact: true }).count() > 0, 'the list does not show that it is retired');
  await keys.follow(`${words} or work`);
  await look('list-entry-retired');
}

export default async (given) => {
  await journey(given, 'an entry of a list is added, renamed and retired', walk);
};
