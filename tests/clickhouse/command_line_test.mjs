// `grapevine query` against a server of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { events, serveShop } from "./shop.mjs";

let server;

before(async () => {
  server = await serveShop();
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

// {code, out, err} of a run; `input` goes to stdin.
function ask(options, input = "") {
  const all = options.includes("--server") ? options : ["--server", server.url, ...options];
  const child = spawn(process.env.GRAPEVINE_BINARY, ["query", ...all]);
  const pieces = { out: [], err: [] };
  child.stdout.on("data", (piece) => pieces.out.push(piece));
  child.stderr.on("data", (piece) => pieces.err.push(piece));
  child.stdin.on("error", () => {}); // It may end without having read.
  child.stdin.end(input);
  return new Promise((done) => {
    child.on("close", (code) => {
      const text = (name) => String(Buffer.concat(pieces[name]));
      done({ code, out: text("out"), err: text("err") });
    });
  });
}

test("a query prints what can be piped on", async () => {
  const { code, out, err } = await ask(["SELECT number, 'a\\tb' FROM system.numbers LIMIT 2"]);
  assert.deepEqual({ code, out, err }, { code: 0, out: "0\ta\\tb\n1\ta\\tb\n", err: "" });
});

test("a format may be chosen, by an option or in the text", async () => {
  assert.equal((await ask(["--format", "CSVWithNames", "SELECT 1 AS x"])).out, '"x"\n1\n');
  const both = await ask(["--format", "CSV", "SELECT 1 AS x FORMAT JSONEachRow"]);
  assert.equal(both.out, '{"x":1}\n');
  assert.match((await ask(["--format", "PrettyCompact", "SELECT 1 AS x"])).out, /┌─x─┐/);
});

test("a query comes from stdin or a file", async () => {
  assert.equal((await ask(["-"], "SELECT 1;\n")).out, "1\n");
  assert.equal((await ask([], "SELECT 2")).out, "2\n");
  const file = join(mkdtempSync(join(tmpdir(), "grapevine-query-")), "three.sql");
  writeFileSync(file, "SELECT 3\n");
  assert.equal((await ask(["--file", file])).out, "3\n");
  const missing = await ask(["--file", `${file}.not`]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /cannot be read: .*three\.sql\.not/);
});

test("parameters are taken as they stand", async () => {
  const { out } = await ask([
    "--param", "s=it's \\n\ta=b", "--param", "n=5",
    "SELECT {s:String} AS s, {n:UInt8} + 1 AS n FORMAT JSONEachRow",
  ]);
  assert.deepEqual(JSON.parse(out), { s: "it's \\n\ta=b", n: 6 });
});

test("events are counted, by whoever asks", async () => {
  const { out } = await ask([
    "--user", "ann", "--password", "secret", "--database", "default",
    "SELECT count(), currentUser() FROM events WHERE event = 'Product Viewed'",
  ]);
  const viewed = events.filter((e) => e.event === "Product Viewed").length;
  assert.equal(out, `${viewed}\tann\n`);
});

test("rows of an INSERT come from stdin", async () => {
  let rows = "event,customer_id,ts\n";
  for (let i = 0; i < 50_000; ++i) rows += `From stdin,p${i % 10},2026-03-01 00:00:00\n`;
  const inserted = await ask(["INSERT INTO events FORMAT CSVWithNames"], rows);
  assert.deepEqual(inserted, { code: 0, out: "", err: "" });
  const counted = await ask(["SELECT count() FROM events WHERE event = 'From stdin'"]);
  assert.equal(counted.out, "50000\n");
});

test("a large answer is whole", async () => {
  const { code, out } = await ask(["SELECT number FROM system.numbers LIMIT 1000000"]);
  assert.equal(code, 0);
  const lines = out.split("\n");
  assert.equal(lines.length, 1_000_001);
  assert.equal(lines[999_999], "999999");
});

test("an error goes to stderr, and the exit code says so", async () => {
  const { code, out, err } = await ask(["SELEC 1"]);
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /^grapevine query: Code: 62\. DB::Exception: .*\(SYNTAX_ERROR\)/);
});

test("an error in the middle of an answer does, too, after the rows before it", async () => {
  const { code, out, err } = await ask([
    "SELECT throwIf(number = 2000000, 'boom'), number FROM system.numbers LIMIT 3000000",
  ]);
  assert.equal(code, 1);
  assert.match(out, /^0\t0\n0\t1\n/);
  assert.doesNotMatch(out, /exception/);
  assert.match(err, /^grapevine query: Code: 395\. DB::Exception: boom/);
});

test("nobody there is said so", async () => {
  const { code, err } = await ask(["--server", "http://127.0.0.1:9", "SELECT 1"]);
  assert.equal(code, 1);
  assert.match(err, /cannot connect to 127\.0\.0\.1:9/);
});
