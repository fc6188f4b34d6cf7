// A case study, from the page of its case to the report and out of it again.
import { check, journey, signIn } from '../helpers.mjs';

async function walk(page, keys, look) {
  await signIn(page, 'senior');
  await page.goto('/cases');
  await page.goto(await page.locator('tbody a').first().getAttribute('href'));
  const name = (await page.locator('h1').first().innerText()).trim().split(' ')[0];

  await keys.follow('Write a case study');
  await keys.type('Title', 'Being heard at meetings');
  await keys.type('What were the worries', `Nobody asked ${name} anything.`);
  await keys.type('What worked well', 'They met before every meeting.');
  await keys.type('What came of it', 'They speak first now.');
  await look('case-study-write');
  await keys.follow('Save');
  await page.getByText('The case study is kept').waitFor();

  await keys.follow('Check it');
  await page.getByText('This has to go').waitFor();
  check((await page.locator('mark').first().innerText()) === name, 'the check does not show the very word');
  await look('case-study-found');
  await keys.follow('Change the text');
  await keys.type('What were the worries', 'Nobody asked them anything.');
  await keys.follow('Save');
  await page.getByText('The text is changed').waitFor();

  await keys.follow('Check it');
  check(await page.getByText('This has to go').count() === 0, 'the name is still found');
  const boxes = await page.getByLabel('Why may it stand?').count();
  for (let box = 0; box < boxes; box += 1) await keys.type('Why may it stand?', 'The text says nothing of it.');
  await keys.choose('I have read it');
  await look('case-study-check');
  await keys.follow('Save the check');
  await page.getByText('The case study is checked').waitFor();

  await keys.follow('Record the consent');
  await keys.choose('The young person');
  await keys.choose('The annual report');
  await keys.type('How did they say so', 'They read it with me and said yes.');
  await look('case-study-consent');
  await keys.follow('Save');
  await page.getByText('The consent is on record').waitFor();

  await keys.follow('Publish it');
  await look('case-study-publish');
  await keys.follow('Publish');
  await page.getByText('The case study is published').waitFor();
  await look('case-study-published');

  await keys.follow('Withdraw it');
  await keys.type('Why is it withdrawn', 'Somebody may know them.');
  await keys.follow('Withdraw');
  await page.getByText('The case study is withdrawn').waitFor();
  await page.goto('/case-studies');
  await look('case-studies');
}

export default async (given) => {
  await journey(given, 'a case study is written, checked, mended, published and withdrawn', walk);
};
