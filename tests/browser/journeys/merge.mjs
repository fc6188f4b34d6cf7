// Two records that are one person become one, and two again.
import { check, heading, journey, signIn } from '../helpers.mjs';

async function aClosedRecord(page, place) {
  await page.goto('/cases?state=closed');
  const link = page.locator('tbody a').nth(place);
  const name = (await link.innerText()).trim();
  await page.goto(await link.getAttribute('href'));
  return { name, record: await page.getByRole('link', { name: 'The whole record' }).getAttribute('href') };
}

export default async function merge(site) {
  await journey(site, 'a senior officer merges two records and undoes it', async (page, keys, look) => {
    await signIn(page, 'senior');
    const kept = await aClosedRecord(page, 0);
    const other = await aClosedRecord(page, 5);
    await page.goto(kept.record);
    await keys.follow('Merge with another record');
    await keys.type('Who is on record twice?', other.name);
    await keys.follow('Find the record');
    await look('merge-find');
    await keys.choose(other.name);
    await keys.follow('Compare the two');
    check(await heading(page) === 'Are these one person?', await heading(page));
    await look('merge-preview');
    await keys.type('How do you know', 'The social worker says so.');
    await keys.follow('Merge the two records');
    await page.getByText('The two records are one now').waitFor();
    await look('merge-record');
    // The address of the other one leads here.
    await page.goto(other.record);
    check(page.url().endsWith(kept.record), 'the merged record has an address of its own');
    await keys.follow('see or undo');
    await look('merge-undo');
    await keys.type('Why are they two people', 'They are cousins.');
    await keys.follow('Undo the merge');
    await page.getByText('There are two records again').waitFor();
    check(page.url().endsWith(other.record), 'the other record is not back');
    check((await heading(page)) === other.name, await heading(page));
  });
}
