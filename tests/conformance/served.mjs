// A server of our own with the data set, asked as a client of ClickHouse asks.

import { serve } from "../sdk/served.mjs";
import { calls } from "./dataset.mjs";

export async function serveDataset() {
  const server = await serve();
  const imported = await fetch(`${server.url}/v1/import?table=events`, {
    method: "POST", headers: { "Content-Type": "application/x-ndjson" }, body: calls(),
  });
  const { rejected, errors } = await imported.json();
  if (rejected !== 0) throw new Error(`the data set was refused: ${JSON.stringify(errors)}`);
  return {
    stop: () => server.stop(),
    /// {text}, or {code, type, message} of the error.
    async ask({ sql, params = {}, settings = {} }) {
      const url = new URL(`${server.url}/`);
      url.searchParams.set("default_format", "TabSeparatedWithNamesAndTypes");
      for (const [name, value] of Object.entries(params)) url.searchParams.set(`param_${name}`, value);
      for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
      const answer = await fetch(url, { method: "POST", body: sql });
      const text = await answer.text();
      const code = answer.headers.get("x-clickhouse-exception-code");
      if (answer.ok && !code) return { text };
      const types = [...text.matchAll(/\(([A-Z][A-Z0-9_]+)\)/g)];
      return { code: Number(code ?? -answer.status), type: types.at(-1)?.[1] ?? "", message: text };
    },
  };
}
