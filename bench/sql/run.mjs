// Asks Grapevine's server in SQL, and DuckDB and ClickHouse's engine in theirs (in their own process), on the
// same generated rows, two threads each, one after the other in one run; compares the answers and prints
// medians and ratios: first the questions of ../segments, then those of dashboards.mjs.
//
//   npm install && node run.mjs BUILD [--folder F] [--events N]     BUILD: where grapevine and segments_suite are
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { besidePeers, openPeers, prepare, tableOf } from '../segments/peers.mjs';
import { DASHBOARDS } from './dashboards.mjs';
import { openGrapevine } from './grapevine.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    customers: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '10000000' },
    folder: { type: 'string', default: path.join(os.tmpdir(), 'grapevine-segments') },
    runs: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },  // Questions by name, with commas between.
    alone: { type: 'boolean' },  // Without the peers: no answer is compared.
    out: { type: 'string' },   // Where the tables go too, as Markdown.
  },
});
const build = path.resolve(positionals[0] ?? '../../build/release');
const questionsAt = path.join(path.dirname(fileURLToPath(import.meta.url)), '../segments');
const runs = Number(options.runs);
const wanted = options.only?.split(',');

async function segmentQuestions() {
  const questions = {};
  for (const name of JSON.parse(fs.readFileSync(path.join(questionsAt, 'questions.json'), 'utf8'))) {
    const question = (await import(`../segments/questions/${name}.mjs`)).default;
    if (question.sql) questions[name] = question;
  }
  return questions;
}

const folder = path.join(options.folder, `${options.customers}x${options.events}`);
const { data, peers: tables } =
  await prepare(path.join(build, 'segments_suite'), folder, options.customers, options.events);
const ours = await openGrapevine(path.join(build, 'grapevine'), data, options.threads);
const peers = options.alone ? [] : await openPeers(tables, options.threads);
const printed = [];
let failed = false;
for (const [title, questions] of [['Questions of the trade', await segmentQuestions()], ['Dashboards', DASHBOARDS]]) {
  const results = [];
  for (const [name, question] of Object.entries(questions)) {
    if (wanted && !wanted.includes(name)) continue;
    try {
      results.push(await besidePeers(name, question, await ours.ask(question.sql, runs), peers, runs));
    } catch (error) {
      console.error(`${name}: ${error.message}`);
      failed = true;
    }
  }
  if (results.length > 0) printed.push(`## ${title}\n\n${tableOf(results, runs)}`);
}
await ours.close();
console.log(printed.join('\n\n'));
if (options.out) fs.writeFileSync(options.out, printed.join('\n\n') + '\n');
process.exit(failed ? 1 : 0);  // The engines keep threads of their own.
