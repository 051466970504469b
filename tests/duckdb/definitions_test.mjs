// Holds segments against DuckDB: definitions of every kind, made by chance, are asked of a running server
// and said as SQL, over data that both were given. Sizes and members must be the same.

import assert from "node:assert/strict";
import { describe, it, before, after } from "node:test";

import { DuckDBInstance } from "@duckdb/node-api";

import { serve } from "../sdk/served.mjs";
import { randomDefinition } from "./conditions.mjs";
import { coreNumbers } from "./core_numbers.mjs";
import { Folder, kDatasets } from "./datasets.mjs";
import { Random } from "./random.mjs";

const kSampleMax = 1000;

// The score that conditions of influence ask for, as a table for each moment that they ask about.
async function tabulateCores(db, asOf) {
  const ties = await db.runAndReadAll(
    `SELECT DISTINCT customer, target FROM ev WHERE social AND target IS NOT NULL AND ts <= ${asOf}`);
  const folder = new Folder();
  const rows = [...coreNumbers(ties.getRows())].map(([customer, core]) => ({ customer, core }));
  await db.run(`CREATE TABLE core_${asOf} AS SELECT * FROM read_json('${folder.file("rows", rows)}',
    format='newline_delimited', columns={customer: 'VARCHAR', core: 'INTEGER'})`);
  folder.remove();
}

for (const dataset of kDatasets) {
  describe(`segments of ${dataset.name}`, () => {
    let server, instance, db, data;
    before(async () => {
      server = await serve();
      instance = await DuckDBInstance.create(":memory:", { threads: "2" });
      db = await instance.connect();
      await db.run("SET TimeZone = 'UTC'");
      data = await dataset.load(server, db);
      if (data?.hopsMax > 0) for (const asOf of data.asOfs) await tabulateCores(db, asOf);
    });
    after(async () => {
      db.closeSync();
      instance.closeSync();
      assert.equal(await server.stop(), 0);
    });

    it("are those that DuckDB finds", async (context) => {
      if (!data) return context.skip(`${dataset.name} are not beside the repository`);
      const random = new Random(dataset.seed);
      const segments = [];
      let members = 0;
      for (let i = 0; i < dataset.definitions; ++i) {
        const { json, sql } = randomDefinition(data, random, segments);
        const asOf = random.pick(data.asOfs);
        const query = `SELECT customer FROM cu WHERE ${sql(asOf)} ORDER BY encode(customer)`;
        const said = `definition ${i}: ${JSON.stringify(json)} as of ${asOf}\n${query}`;
        const expected = (await db.runAndReadAll(query)).getRows().map(([customer]) => customer);
        const preview = await server.ask("POST", "/v1/segments/preview",
          { definition: json, as_of: asOf, sample: kSampleMax, explain: i % 7 === 0 });
        assert.equal(preview.size, expected.length, said);
        if (expected.length <= kSampleMax) {
          assert.deepEqual(preview.sample.map(String).sort(), [...expected].sort(), said);
        }
        members += expected.length;
        if (i % 8 !== 0) continue;
        const name = `s${i}`;
        await server.ask("PUT", `/v1/segments/${name}`, { definition: json });
        const csv = await server.text(
          `/v1/segments/${name}/members?format=csv&limit=1000000&as_of=${asOf}`);
        assert.deepEqual(csv.trim().split(/\r?\n/).slice(1).sort(), [...expected].sort(), said);
        segments.push({ name, sql });
      }
      assert.ok(members > dataset.definitions, "the definitions would say little");
    });
  });
}
