// ClickHouse's engine in this process, with the tables of dataset.mjs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Session } from "chdb";

import { tables } from "./dataset.mjs";

const kFormat = "TabSeparatedWithNamesAndTypes";

const quoted = (text) => `'${String(text).replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;

export class Oracle {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "conformance-"));
    this.session = new Session(this.folder);
    this.session.query("CREATE DATABASE IF NOT EXISTS default");
    this.session.query("USE default");
    for (const statement of tables()) this.session.query(statement);
  }

  /// {text} of a query's answer, or {code, type} of its error. `asked`: {sql, params?, settings?}.
  ask({ sql, params = {}, settings = {} }) {
    try {
      for (const [name, value] of Object.entries(params)) {
        this.session.query(`SET param_${name} = ${quoted(value)}`);
      }
      for (const [name, value] of Object.entries(settings)) {
        this.session.query(`SET ${name} = ${quoted(value)}`);
      }
      return { text: this.session.query(sql, kFormat) };
    } catch (error) {
      // Some errors wrap others; the outermost says the type.
      // What it had written before it failed would stand before the next answer.
      this.session.query("SELECT 1", kFormat);
      const code = /Code: (\d+)\. DB::Exception/.exec(error.message);
      const types = [...error.message.matchAll(/\(([A-Z][A-Z0-9_]+)\)/g)];
      if (!code || types.length === 0) throw error;
      return { code: Number(code[1]), type: types[types.length - 1][1], message: error.message };
    } finally {
      for (const name of Object.keys(settings)) this.session.query(`SET ${name} = DEFAULT`);
    }
  }

  close() {
    this.session.cleanup?.();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
