// A receiver of webhooks, which checks every signature with Node's own crypto.

import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";

export const SECRET = "correct horse battery staple";

function isSigned(request, body) {
  const signature = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(request.headers["x-grapevine-signature"]);
  if (!signature) return false;
  const [, seconds, hex] = signature;
  const expected = createHmac("sha256", SECRET).update(`${seconds}.`).update(body).digest();
  const recent = Math.abs(Date.now() / 1000 - Number(seconds)) < 60;
  return recent && timingSafeEqual(expected, Buffer.from(hex, "hex"));
}

// `answer(n)` is the status of the nth delivery; 0 breaks the connection.
export async function receive({ answer = () => 200, tls = null } = {}) {
  const deliveries = [];
  const waiting = [];
  let calls = 0;
  const listener = (request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces);
      const status = isSigned(request, body) ? answer(calls++) : 400;
      if (status === 0) return request.socket.destroy();
      if (status < 300) {
        const delivery = JSON.parse(body);
        if (delivery.delivery !== request.headers["x-grapevine-delivery"]) return response.destroy();
        deliveries.push(delivery);
        for (const wake of waiting.splice(0)) wake();
      }
      response.writeHead(status).end("thanks");
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    deliveries,
    // "+id" entered, "-id" left: everything that was taken, in order of arrival.
    told() {
      return deliveries.flatMap((d) =>
        d.changes.map((c) => (c.change === "entered" ? "+" : "-") + c.customer_id));
    },
    async until(condition) {
      while (!condition(this.told())) await new Promise((wake) => waiting.push(wake));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
