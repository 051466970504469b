// Imports the same generated events into Grapevine (over HTTP, log on, until tidy) and into a table
// of DuckDB in memory (read_json with the types given, so that it need not guess), one after the
// other in one run. Compares how many rows of each event both have, then CPU time and memory.
//
//   npm install && node import.mjs ../../build/release/grapevine [--customers N] [--events M]
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    customers: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '10000000' },
    threads: { type: 'string', default: '2' },
    duckdb: { type: 'string' },  // The file to import: this process is the one of DuckDB.
  },
});

const ITEM = 'STRUCT(product_id VARCHAR, category VARCHAR, brand VARCHAR, price DOUBLE, quantity BIGINT)';
const COLUMNS = {
  type: 'VARCHAR', event: 'VARCHAR', userId: 'VARCHAR', anonymousId: 'VARCHAR', timestamp: 'TIMESTAMP',
  properties: `STRUCT(path VARCHAR, product_id VARCHAR, category VARCHAR, brand VARCHAR, price DOUBLE,
    quantity BIGINT, target_id VARCHAR, parent_id VARCHAR, content_id VARCHAR, currency VARCHAR,
    text VARCHAR, order_id VARCHAR, revenue DOUBLE, value DOUBLE, ticket_id VARCHAR, coupon VARCHAR,
    rating DOUBLE, products ${ITEM}[])`,
  context: `STRUCT(channel VARCHAR, campaign STRUCT(source VARCHAR),
    location STRUCT(latitude DOUBLE, longitude DOUBLE))`,
};

const memoryOf = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
const cpuOf = (pid) => {  // Seconds, user and system; 100 ticks a second on every Linux we know.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function importIntoDuckdb(file) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`set threads = ${options.threads}`);
  const before = memoryOf(process.pid);
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name}: '${type}'`).join(', ');
  const cpu = process.cpuUsage();
  const start = performance.now();
  await connection.run(`create table events as select * from read_json('${file}',
    format = 'newline_delimited', columns = {${columns}})`);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const rows = await connection.runAndReadAll(`select event, count(*) from events group by all
    union all select 'Order Item', sum(len(properties.products)) from events
    where event = 'Order Completed'`);
  return {
    seconds, cpu: (used.user + used.system) / 1e6, bytes: memoryOf(process.pid) - before,
    counts: Object.fromEntries(rows.getRows().map(([event, count]) => [event, Number(count)])),
  };
}

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

async function importIntoGrapevine(binary, file, folder) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(binary, ['serve', '--listen', url.slice(7), '--data', path.join(folder, 'data')],
                       { stdio: 'ignore' });
  try {
    for (let tries = 0; ; ++tries) {
      const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) break;
      if (tries === 100) throw new Error('the server does not come up');
      await pause(100);
    }
    const before = memoryOf(server.pid);
    const start = performance.now();
    const client = spawn(binary, ['import', '--server', url, '--table', 'events', file], { stdio: 'ignore' });
    let clientCpu = 0;
    const watch = setInterval(() => { try { clientCpu = cpuOf(client.pid); } catch { /* It ended. */ } }, 50);
    const code = await new Promise((resolve) => client.on('exit', resolve));
    clearInterval(watch);
    if (code !== 0) throw new Error(`grapevine import ended with ${code}`);
    const seconds = (performance.now() - start) / 1000;
    for (let cpu = -1; cpuOf(server.pid) - cpu > 0.02;) {  // Until its parts are tidy.
      cpu = cpuOf(server.pid);
      await pause(1000);
    }
    const cpu = cpuOf(server.pid) + clientCpu;
    const bytes = memoryOf(server.pid) - before;
    const schema = await (await fetch(`${url}/v1/schema`)).json();
    return { seconds, cpu, bytes, counts: Object.fromEntries(schema.events.map((e) => [e.event, e.count])) };
  } finally {
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.kill();
    await ended;  // It may write a last checkpoint.
  }
}

function show(name, result, rows) {
  console.log(`${name.padEnd(10)} ${result.seconds.toFixed(1).padStart(7)} s ` +
              `${(result.cpu / rows * 1e6).toFixed(2).padStart(7)} µs CPU an event ` +
              `${(result.bytes / rows).toFixed(1).padStart(7)} bytes of memory an event`);
}

if (options.duckdb) {
  console.log(JSON.stringify(await importIntoDuckdb(options.duckdb)));
} else {
  const binary = path.resolve(positionals[0] ?? '../../build/release/grapevine');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'grapevine-duckdb-'));
  try {
    const file = path.join(folder, 'events.ndjson');
    execFileSync(binary, ['generate', '--customers', options.customers, '--events', options.events,
                          '--until', '2026-11-22', '--out', file], { stdio: 'ignore' });
    const ours = await importIntoGrapevine(binary, file, folder);
    const theirs = JSON.parse(execFileSync(process.execPath,
      [import.meta.filename ?? process.argv[1], '--duckdb', file, '--threads', options.threads],
      { encoding: 'utf8', maxBuffer: 1 << 24 }));
    for (const [event, count] of Object.entries(theirs.counts)) {
      if (ours.counts[event] !== count) {
        throw new Error(`${event}: ${ours.counts[event]} rows here, ${count} there`);
      }
    }
    const lines = Number(options.events);
    show('Grapevine', ours, lines);
    show('DuckDB', theirs, lines);
    console.log(`CPU: ${(ours.cpu / theirs.cpu).toFixed(2)} of DuckDB's`);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
