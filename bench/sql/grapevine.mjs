// Grapevine as its users have it: a server of its own, asked in SQL over HTTP with keep-alive.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import readline from 'node:readline';
import { enough } from '../segments/peers.mjs';

const cpuOf = (pid) => {  // Milliseconds, user and system.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

export async function openGrapevine(binary, data, threads) {
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--threads', threads],
                      { stdio: ['ignore', 'pipe', 'ignore'] });
  process.on('exit', () => child.kill());
  const url = await listeningAt(child);
  while (!await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (sql, format) => new Promise((resolve, reject) => {
    const request = http.request(`${url}/?default_format=${format}&output_format_json_quote_64bit_integers=0`,
                                 { method: 'POST', agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) return resolve(text);
        reject(new Error(`${sql}: ${answer.statusCode} ${text}`));
      });
    });
    request.on('error', (error) => reject(Object.assign(error, { wasIdle: request.reusedSocket })));
    request.end(sql);
  });
  // While the peers are asked for minutes the server closes the connection, and nobody here looks.
  const query = (sql, format) => ask(sql, format).catch((error) => {
    if (!error.wasIdle || error.code !== 'ECONNRESET') throw error;
    return ask(sql, format);
  });
  return {
    url,
    // The rows, and the milliseconds of `runs` warm runs over HTTP.
    async ask(sql, runs) {
      const rows = (await query(sql, 'JSONCompactEachRow')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
      for (let run = 0; run < runs; ++run) await query(sql, 'Null');  // The client warms up, too.
      const ms = [], cpu_ms = [];
      while (!enough(ms, runs)) {
        const cpu = cpuOf(child.pid);
        const begin = performance.now();
        await query(sql, 'Null');
        ms.push(performance.now() - begin);
        cpu_ms.push(Math.max(1, cpuOf(child.pid) - cpu));
      }
      return { answer: rows, ms, cpu_ms };
    },
    async close() {
      agent.destroy();
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

async function listeningAt(child) {
  for await (const line of readline.createInterface({ input: child.stdout })) {
    if (!line.startsWith('listening on ')) continue;
    child.stdout.resume();
    return line.slice('listening on '.length).trim();
  }
  throw new Error('the server ended without listening');
}
