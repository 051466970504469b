// One `grapevine serve` of a test's own, on a free port of loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export async function serve() {
  const binary = process.env.GRAPEVINE_BINARY;
  if (!binary) throw new Error("GRAPEVINE_BINARY says which server to test");
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await listeningAt(child);

  async function ask(method, path, body) {
    const answer = await fetch(url + path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  }

  return {
    url,
    ask,
    // The body of an answer that is not JSON.
    async text(path) {
      const answer = await fetch(url + path);
      const body = await answer.text();
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${body}`);
      return body;
    },
    // {event: count} of what is stored.
    async eventCounts() {
      const { events } = await ask("GET", "/v1/schema");
      return Object.fromEntries(events.filter((e) => e.count > 0).map((e) => [e.event, e.count]));
    },
    async size(definition) {
      return (await ask("POST", "/v1/segments/preview", { definition })).size;
    },
    // The exit code. May be called again.
    async stop() {
      child.kill("SIGTERM");
      const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
      return code;
    },
  };
}

async function listeningAt(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("listening on ")) {
      child.stdout.resume();
      return line.slice("listening on ".length).trim();
    }
  }
  throw new Error("the server ended without listening");
}
