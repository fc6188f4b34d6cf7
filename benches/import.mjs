// How long a conference schedule takes to come in, short and long: looked at, put on record, and sent again, with a
// bare `sqlite3 .import` of the same file beside it. `make bench`, or: node benches/import.mjs 10000 200000
// With BENCH_POSTGRES=postgres://… the same on an empty PostgreSQL database.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = 'target/release/heard';
const HEADER = 'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,gender,venue,carer_name,carer_phone';
const FIRST = ['Amina', 'Ben', 'Chloe', 'Dawid', 'Ella', 'Farid', 'Grace', 'Hugo', 'Isla', 'Jakub', 'Keira', 'Luca', 'Maya', 'Noah', 'Orla', 'Piotr'];
const PARTS = ['bar', 'ton', 'wick', 'field', 'hurst', 'ley', 'ash', 'brook', 'ford', 'mor', 'den', 'har', 'col', 'well', 'stan', 'ric', 'mond', 'gate'];

const two = (number) => String(number).padStart(2, '0');

/** Families of three on the days of a year, from the youngest to seventeen. */
function schedule(rows) {
  const lines = [HEADER];
  for (let row = 0; row < rows; row += 1) {
    const family = Math.floor(row / 3);
    const name = [7, 11, 13].map((step) => PARTS[Math.floor(family / step) % PARTS.length]).join('') + PARTS[family % PARTS.length];
    const born = `${2005 + (row * 5) % 17}-${two(1 + (row * 7) % 12)}-${two(1 + (family + row) % 28)}`;
    const held = `2022-${two(4 + family % 9)}-${two(1 + family % 28)}`;
    lines.push([`C${family}`, 'initial', held, `K${row}`, FIRST[(row * 3) % FIRST.length], name, born, row % 2 ? 'F' : 'M', 'County Hall', `Parent ${name}`, '01632 960001'].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function seconds(program, args) {
  const began = process.hrtime.bigint();
  execFileSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30 });
  return Number(process.hrtime.bigint() - began) / 1e9;
}

const sizes = process.argv.slice(2).map(Number);
const table = [];
for (const rows of sizes.length ? sizes : [10_000, 50_000, 200_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-bench-'));
  try {
    const file = join(folder, 'schedule.csv');
    writeFileSync(file, schedule(rows));
    const engines = [['SQLite', `sqlite:${join(folder, 'heard.db')}`]];
    if (process.env.BENCH_POSTGRES) engines.push(['PostgreSQL', process.env.BENCH_POSTGRES]);
    for (const [engine, database] of engines) {
      const run = (...more) => seconds(PROGRAM, ['import', 'conferences', file, '--data-dir', folder, '--database', database, '--today', '2022-04-04', '--format', 'json', ...more]);
      seconds(PROGRAM, ['migrate', '--data-dir', folder, '--database', database]);
      table.push({ rows, engine, preview: run('--dry-run').toFixed(1), import: run().toFixed(1), again: run().toFixed(1) });
    }
    const bare = seconds('sqlite3', [join(folder, 'bare.db'), '.mode csv', `.import ${file} schedule`]);
    table.push({ rows, engine: 'sqlite3 .import, nothing looked at', import: bare.toFixed(1) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
console.log('Seconds:');
console.table(table);
