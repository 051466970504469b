// Asks ClickHouse what every query of topics/ and of the random generator answers, and writes that down as
// tests/queries/sql/*.query, and the data set as tests/data/conformance.ndjson.
//
// node generate.mjs [topic ...]

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { calls } from "./dataset.mjs";
import { Oracle } from "./oracle.mjs";
import { queryFile } from "./query_file.mjs";
import { unsupported } from "./scope.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../queries/sql");

const topics = readdirSync(join(here, "topics")).map((file) => file.replace(".mjs", "")).sort();
const wanted = process.argv.slice(2);
// Queries by topic that are answered otherwise as yet: kept apart, so that the others are held in every test.
const open = JSON.parse(readFileSync(join(here, "open.json"), "utf8"));

mkdirSync(folder, { recursive: true });
writeFileSync(join(here, "../data/conformance.ndjson"), calls());
const oracle = new Oracle();
let total = 0;
for (const topic of topics) {
  if (wanted.length > 0 && !wanted.includes(topic)) continue;
  const { default: queries } = await import(`./topics/${topic}.mjs`);
  const cases = [];
  const known = new Set();
  for (const query of queries) {
    const asked = typeof query === "string" ? { sql: query } : query;
    const key = JSON.stringify(asked);
    if (known.has(key)) continue;
    known.add(key);
    const answer = oracle.ask(asked);
    const reason = unsupported(asked, answer);
    if (reason) {
      console.log(`${topic}: out of scope (${reason}): ${asked.sql}`);
      continue;
    }
    // Without ORDER BY, rows may come in any order.
    const unordered = asked.unordered || (answer.text !== undefined && !asked.sql.includes("ORDER BY") && answer.text.split("\n").length > 4);
    cases.push({ ...asked, ...answer, unordered });
  }
  const isOpen = ({ sql, params, settings }) =>
    (open[topic] ?? []).some((one) => JSON.stringify(typeof one === "string" ? { sql: one } : one) === JSON.stringify({ sql, params, settings }));
  // Texts that are no UTF-8 come as replacement characters: what the answer is cannot be written down.
  const isApart = (one) => isOpen(one) || (one.text?.includes("\uFFFD") ?? false);
  writeFileSync(join(folder, `${topic}.query`), queryFile(topic, cases.filter((one) => !isApart(one))));
  const apart = cases.filter(isApart);
  if (apart.length > 0) writeFileSync(join(here, "open", `${topic}.query`), queryFile(topic, apart));
  console.log(`${topic}: ${cases.length} queries, ${cases.filter((one) => one.code).length} of them refused`);
  total += cases.length;
}
console.log(`${total} queries`);
oracle.close();
