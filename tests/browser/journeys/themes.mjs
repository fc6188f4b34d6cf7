// A theme from the first case to what young people are told, and an outcome of a case.
import { check, journey, signIn } from '../helpers.mjs';

async function fromGatheringToTold(page, keys, look) {
  await signIn(page, 'officer');
  await keys.follow('Themes');
  await look('themes-none');
  await keys.follow('Begin a theme');
  await keys.type('What is it called', 'Savings');
  await keys.type('What do young people say', 'Nobody tells us what is saved for us.');
  await look('theme-begin');
  await keys.follow('Begin');
  await page.getByText('The theme has begun').waitFor();
  const address = page.url();

  await keys.follow('Add cases');
  const first = page.locator('input[name=cases]').first();
  await keys.choose(await first.evaluate((it) => it.labels[0].innerText));
  await keys.type('What was said', 'They asked about it at two meetings.');
  await look('theme-add');
  await keys.follow('Add');
  await page.getByText('The cases are under the theme').waitFor();

  await keys.follow('Ask the council');
  await keys.type('What is the council asked', 'Tell every young person once a year.');
  await keys.type('Who is asked', 'Head of service');
  await look('theme-ask');
  await keys.follow('Save');
  await keys.follow('Write down the answer');
  await keys.type('What did the council answer', 'A letter goes out each April.');
  await keys.follow('Save');
  await keys.follow('Tell the young people');
  await look('theme-tell');
  await keys.follow('Save');
  await page.getByText('What young people were told is on record').waitFor();
  check(await page.getByText('Young people were told on').count() === 1, 'the day they were told is not shown');
  await look('theme');
  await page.goto('/themes');
  await look('themes');

  await page.goto(address);
  await page.goto(await page.locator('.heard-worklist a').first().getAttribute('href'));
  check(await page.getByRole('link', { name: 'Savings' }).first().isVisible(), 'the case does not show its theme');
}

async function anOutcome(page, keys, look) {
  await signIn(page, 'officer');
  await page.goto('/cases?officer=me');
  await page.goto(await page.locator('tbody a').first().getAttribute('href'));
  await keys.follow('Note an outcome');
  await keys.choose('Raised confidence');
  await keys.choose('The young person');
  await look('outcome');
  await keys.follow('Save');
  await page.getByText('The outcome is on record').waitFor();
  await look('case-with-outcome');
  await keys.follow('Raised confidence');
  await keys.choose('A parent or carer');
  await keys.follow('Save');
  await page.getByText('The outcome is mended').waitFor();
}

export default async (given) => {
  await journey(given, 'a theme goes from gathering to told', fromGatheringToTold);
  await journey(given, 'an outcome is noted and mended', anOutcome);
};
