// Asks a running server and ClickHouse's engine the same: every topic, then queries by chance.
//
// GRAPEVINE_BINARY=build/release/grapevine node live.mjs [--queries 20000] [--seed 2] [--topics a,b] [--out file]

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Oracle } from "./oracle.mjs";
import { RandomQuery } from "./random_query.mjs";
import { rowsMismatch } from "./rows_match.mjs";
import { isOnPurpose, unsupported } from "./scope.mjs";
import { serveDataset } from "./served.mjs";
import { compareWithDuckDB } from "./standard.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    queries: { type: "string", default: "20000" }, seed: { type: "string", default: "2" },
    standard: { type: "string", default: "2000" }, topics: { type: "string" }, out: { type: "string" },
  },
});

const oracle = new Oracle();
let server = await serveDataset();
// Queries by topic that are answered otherwise as yet, or on purpose.
const open = JSON.parse(readFileSync(join(here, "open.json"), "utf8"));
const isOpen = ({ topic, sql, params, settings }) =>
  (open[topic] ?? []).some((one) => JSON.stringify(typeof one === "string" ? { sql: one } : one) === JSON.stringify({ sql, params, settings }));
const mismatches = [];
let compared = 0;
let passedOver = 0;

async function compare(topic, asked) {
  const expected = oracle.ask(asked);
  if (unsupported(asked, expected)) {
    ++passedOver;
    return;
  }
  ++compared;
  let answered;
  try {
    answered = await server.ask(asked);
  } catch (error) {
    mismatches.push({ topic, ...asked, wrong: `no answer: ${error.cause ?? error}` });
    server = await serveDataset();  // The other one is gone.
    return;
  }
  // Of UInt64 beside Int64 the oracle makes a Variant, which the answer's type need not show.
  if (answered.code === 386 && answered.message.includes("no signed integer type")) {
    --compared;
    ++passedOver;
    return;
  }
  let wrong = "";
  if (expected.code && answered.code) {
    if (expected.code !== answered.code) wrong = `expected error ${expected.code} ${expected.type}, got ${answered.message.trim()}`;
  } else if (expected.code) {
    wrong = `expected error ${expected.code} ${expected.type}, got ${answered.text.slice(0, 200)}`;
  } else if (answered.code !== undefined) {
    wrong = `expected ${expected.text.slice(0, 200)}, got ${answered.message.trim()}`;
  } else {
    wrong = rowsMismatch(expected.text, answered.text, asked.unordered);
  }
  if (wrong) mismatches.push({ topic, ...asked, wrong, why: topic === "chance" ? isOnPurpose(asked.sql, expected, answered) : undefined });
}

const topics = options.topics?.split(",") ?? readdirSync(join(here, "topics")).map((file) => file.replace(".mjs", ""));
for (const topic of topics) {
  if (topic === "random" && !options.topics) continue;
  const { default: queries } = await import(`./topics/${topic}.mjs`);
  for (const query of queries) await compare(topic, typeof query === "string" ? { sql: query } : query);
}
const generator = new RandomQuery(Number(options.seed));
for (let i = Number(options.queries); i > 0; --i) {
  await compare("chance", { sql: generator.next(), unordered: true });
}
const standard = await compareWithDuckDB(server, Number(options.standard), Number(options.seed));
compared += standard.compared;
mismatches.push(...standard.mismatches);

const news = mismatches.filter((one) => !one.why && !isOpen(one));
for (const { topic, sql, params, settings, wrong } of news.slice(0, 200)) {
  console.log(`${topic}: ${sql}${params ? ` ${JSON.stringify(params)}` : ""}${settings ? ` ${JSON.stringify(settings)}` : ""}\n  ${wrong.slice(0, 600)}`);
}
if (options.out) writeFileSync(options.out, JSON.stringify(news, null, 1));
console.log(`${compared} queries compared, ${passedOver} out of scope, ${mismatches.length - news.length} answered otherwise as README.md says, ${news.length} wrongly`);
oracle.close();
await server.stop();
process.exitCode = news.length === 0 ? 0 : 1;
