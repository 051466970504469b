// Reads ClickHouse's RowBinaryWithNamesAndTypes, after its documentation: rows of values.

import { ByteReader } from "./byte_reader.mjs";
import { parseType } from "./type_name.mjs";

// {names, types, rows}: a row is an array of values, see ByteReader.fixed.
export function readRowBinary(bytes) {
  const reader = new ByteReader(bytes);
  const count = reader.varuint();
  const texts = () => Array.from({ length: count }, () => reader.text());
  const names = texts();
  const types = texts();
  const parsed = types.map(parseType);
  const rows = [];
  while (!reader.atEnd) rows.push(parsed.map((type) => readValue(reader, type)));
  return { names, types, rows };
}

function readValue(reader, type) {
  switch (type.id) {
    case "Nullable":
      if (reader.number("Uint8")) return null;
      return readValue(reader, type.elements[0].type);
    case "Array": {
      const size = reader.varuint();
      return Array.from({ length: size }, () => readValue(reader, type.elements[0].type));
    }
    case "Tuple":
      return type.elements.map((element) => readValue(reader, element.type));
    case "String":
      return reader.text();
    default:
      return reader.fixed(type.id);
  }
}
