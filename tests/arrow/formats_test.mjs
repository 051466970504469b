// What the format ArrowStream writes, read by Arrow's own library: the golden cases of the formats'
// tests, whose values ClickHouse's engine gave as Native.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { tableFromIPC } from "apache-arrow";

import { nativeRows } from "../clickhouse/native_reader.mjs";
import { parseType } from "../clickhouse/type_name.mjs";

const GOLDEN = new URL("../api/encode/formats/golden/", import.meta.url).pathname;
const UNITS = ["SECOND", "MILLISECOND", "MICROSECOND", "NANOSECOND"];
const LAST = (1n << 63n) - 1n;

let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "arrow_goldens."));
  execFileSync(process.env.GRAPEVINE_ARROW_GOLDENS, [folder]);
});
after(() => rmSync(folder, { recursive: true }));

const scaleOf = (type) => (type.id === "DateTime64" ? Number(type.parameters[0]) : 0);
const zoneOf = (type) => /'(.*)'/.exec(type.parameters?.at(-1) ?? "")?.[1] ?? "UTC";
const notNull = (type) => (type.id === "Nullable" ? type.elements[0].type : type);

// A value of Native as Arrow has it.
function inArrow(value, type) {
  if (value === null) return null;
  switch (type.id) {
    case "Nullable": return inArrow(value, type.elements[0].type);
    case "Array": return value.map((element) => inArrow(element, type.elements[0].type));
    case "Tuple": return value.map((element, i) => inArrow(element, type.elements[i].type));
    case "DateTime": return BigInt(value);
    case "DateTime64": { // Of a finer unit, as far as 64 bits go.
      const finer = value * 10n ** BigInt((3 - (scaleOf(type) % 3)) % 3);
      return finer > LAST ? LAST : finer < -LAST - 1n ? -LAST - 1n : finer;
    }
    case "String": return oneReplacement(value);
    default: return value;
  }
}

// U+FFFD stands for each invalid byte in this reader, for all that stand together in our writer.
const oneReplacement = (text) => text.replace(/\uFFFD+/g, "\uFFFD");

// Values straight from the buffers: the library's getters make dates of times.
function vectorValue(vector, row) {
  for (const data of vector.data) {
    if (row < data.length) return dataValue(data, row);
    row -= data.length;
  }
  throw new RangeError("no such row");
}

function dataValue(data, row) {
  const kind = /^\w+/.exec(`${data.type}`)[0];
  if (kind === "Null" || (data.nullCount > 0 && !data.getValid(row))) return null;
  switch (kind) {
    case "Bool": return ((data.values[row >> 3] >> (row & 7)) & 1) === 1;
    case "Utf8": {
      const [begin, end] = [data.valueOffsets[row], data.valueOffsets[row + 1]];
      return oneReplacement(new TextDecoder().decode(data.values.subarray(begin, end)));
    }
    case "Dictionary": return vectorValue(data.dictionary, data.values[row]);
    case "List": {
      const [begin, end] = [data.valueOffsets[row], data.valueOffsets[row + 1]];
      return Array.from({ length: end - begin }, (_, i) => dataValue(data.children[0], begin + i));
    }
    case "Struct": return data.children.map((child) => dataValue(child, row));
    default: return data.values[row];
  }
}

const rowsOf = (table) =>
  Array.from({ length: table.numRows }, (_, row) =>
    table.schema.fields.map((_, i) => vectorValue(table.getChildAt(i), row)));

for (const file of readdirSync(GOLDEN)) {
  const name = file.replace(".json", "");
  test(`${name}: the values of Native`, () => {
    const golden = JSON.parse(readFileSync(GOLDEN + file));
    const types = golden.columns.map(([, type]) => parseType(type));
    const wanted = nativeRows(new Uint8Array(Buffer.from(golden.native, "hex"))).map((row) =>
      row.map((value, i) => inArrow(value, types[i])));
    for (const strings of ["texts", "pooled", "both"]) {
      const table = tableFromIPC(readFileSync(join(folder, `${name}.${strings}.arrow`)));
      assert.deepEqual(rowsOf(table), wanted, strings);
      for (const [i, type] of types.entries()) {
        const field = table.schema.fields[i];
        assert.equal(field.nullable, type.id === "Nullable", field.name);
        const time = notNull(type);
        if (!time.id.startsWith("DateTime")) continue;
        const unit = UNITS[Math.ceil(scaleOf(time) / 3)];
        assert.equal(`${field.type}`, `Timestamp<${unit}, ${zoneOf(time)}>`);
      }
    }
  });
}
