// How long a preview with five conditions takes over HTTP with keep-alive, for 1 to 32 clients in a closed
// loop: p50, p99 and throughput. wants wrk, and a data folder that `segments_suite make` made.
//
//   node preview.mjs ../../build/release/grapevine FOLDER [--seconds 10]
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options, positionals: [binary, folder] } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '10' } },
});
const here = path.dirname(fileURLToPath(import.meta.url));
const cpuOf = (pid) => {  // Seconds, user and system.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const url = `http://127.0.0.1:${await freePort()}`;
const server = spawn(path.resolve(binary), ['serve', '--listen', url.slice(7), '--data', folder],
                     { stdio: 'ignore' });
try {
  for (let tries = 0; !(await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)); ++tries) {
    if (tries === 600) throw new Error('the server does not come up');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.log(`load ${os.loadavg()[0].toFixed(1)}\n| clients | p50 ms | p99 ms | previews/s | CPU ms a preview |\n` +
              '| ---: | ---: | ---: | ---: | ---: |');
  const rates = new Map();
  for (const clients of [1, 1, 2, 4, 8, 16, 32]) {  // The first warms up.
    const cpu = cpuOf(server.pid);
    const out = execFileSync('wrk', ['-t', '1', '-c', String(clients), '-d', `${options.seconds}s`, '--timeout', '30s',
                                     '-s', path.join(here, 'preview.lua'), `${url}/v1/segments/preview`],
                             { encoding: 'utf8' });
    const result = JSON.parse(out.trim().split('\n').at(-1));
    if (result.errors > 0) throw new Error(`${result.errors} of ${result.requests} failed`);
    const used = (cpuOf(server.pid) - cpu) / result.requests * 1000;
    const rate = result.requests / result.seconds;
    if (rates.has(0)) {
      rates.set(clients, rate);
      console.log(`| ${clients} | ${result.p50_ms} | ${result.p99_ms} | ${rate.toFixed(0)} | ${used.toFixed(2)} |`);
    } else {
      rates.set(0, 0);
    }
  }
  console.log(`\n32 clients keep ${(100 * rates.get(32) / Math.max(...rates.values())).toFixed(0)} % of the best rate`);
} finally {
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill();
  await ended;
}
