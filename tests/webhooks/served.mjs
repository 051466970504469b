// One `grapevine serve` of a test's own, on a free port of loopback, which a test may kill.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const BINARY = process.env.GRAPEVINE_BINARY;

export async function serve(folder, environment = {}) {
  const child = spawn(BINARY, ["serve", "--listen", "127.0.0.1:0", "--data", folder], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, "exit");
  const url = await listeningAt(child);

  async function ask(method, path, body, headers = {}) {
    const answer = await fetch(url + path, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  return {
    url,
    ask,
    async track(userId, event) {
      await ask("POST", "/v1/track", { userId, event });
    },
    // As a crash would end it.
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      child.kill("SIGTERM");
      const [code] = await ended;
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
