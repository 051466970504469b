// Reads ClickHouse's Native format, after its documentation: blocks of columns. For clients that say
// which version of the protocol they speak each block and each column has something more in front.

import { ByteReader } from "./byte_reader.mjs";
import { parseType } from "./type_name.mjs";

// [{rows, columns: [{name, type, values}]}]: arrays and tuples are arrays, see ByteReader.fixed for
// the others.
export function readNative(bytes, version = 0) {
  const reader = new ByteReader(bytes);
  const blocks = [];
  while (!reader.atEnd) {
    if (version > 0) skipBlockInfo(reader);
    const count = reader.varuint();
    const rows = reader.varuint();
    const columns = [];
    for (let i = 0; i < count; ++i) {
      const name = reader.text();
      const type = reader.text();
      if (version >= 54454 && reader.number("Uint8") !== 0) {
        throw new TypeError("no column is kept in another way");
      }
      columns.push({ name, type, values: readColumn(reader, parseType(type), rows) });
    }
    blocks.push({ rows, columns });
  }
  return blocks;
}

// The rows of all blocks as arrays of values.
export function nativeRows(bytes, version = 0) {
  return readNative(bytes, version).flatMap(({ rows, columns }) =>
    Array.from({ length: rows }, (_, i) => columns.map((column) => column.values[i])),
  );
}

// Whether it holds overflows, which bucket it is of, and that there are no more fields.
function skipBlockInfo(reader) {
  const read = [
    reader.varuint(),
    reader.number("Uint8"),
    reader.varuint(),
    reader.number("Int32"),
    reader.varuint(),
  ];
  if (String(read) !== "1,0,2,-1,0") throw new TypeError(`no block begins with ${read}`);
}

function readColumn(reader, type, rows) {
  const each = (read) => Array.from({ length: rows }, (_, i) => read(i));
  switch (type.id) {
    case "Nullable": {
      const nulls = each(() => reader.number("Uint8"));
      const values = readColumn(reader, type.elements[0].type, rows);
      return values.map((value, i) => (nulls[i] ? null : value));
    }
    case "Array": {
      const ends = each(() => Number(reader.number("BigUint64")));
      const elements = readColumn(reader, type.elements[0].type, rows ? ends[rows - 1] : 0);
      return ends.map((end, i) => elements.slice(i ? ends[i - 1] : 0, end));
    }
    case "Tuple": {
      if (type.elements.length === 0) each(() => reader.number("Uint8"));
      const columns = type.elements.map((element) => readColumn(reader, element.type, rows));
      return each((i) => columns.map((column) => column[i]));
    }
    case "LowCardinality":
      throw new TypeError("no LowCardinality is written");
    case "String":
      return each(() => reader.text());
    default:
      return each(() => reader.fixed(type.id));
  }
}
