// Numbers and texts of ClickHouse's binary formats, front to back. Throws a RangeError where the
// bytes end early.

export class ByteReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  get atEnd() {
    return this.at === this.bytes.length;
  }

  varuint() {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.number("Uint8");
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }

  text() {
    const size = this.varuint();
    if (this.at + size > this.bytes.length) throw new RangeError("a text ends early");
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + size));
    this.at += size;
    return text;
  }

  // `kind` as in DataView: "Uint8", "BigInt64", "Float32".
  number(kind) {
    const value = this.view[`get${kind}`](this.at, true);
    this.at += { 8: 1, 16: 2, 32: 4, 64: 8 }[/\d+$/.exec(kind)[0]];
    return value;
  }

  // The value of a type of fixed size. 64-bit integers are BigInts; times are the numbers that they
  // are kept as: days, seconds, or units of DateTime64's scale.
  fixed(id) {
    switch (id) {
      case "Nothing":
        this.number("Uint8");
        return null;
      case "Bool": return this.number("Uint8") !== 0;
      case "Date": return this.number("Uint16");
      case "DateTime": return this.number("Uint32");
      case "DateTime64": return this.number("BigInt64");
    }
    if (id.startsWith("Interval")) return this.number("BigInt64");
    const named = /^(U?)(Int|Float)(8|16|32|64)$/.exec(id);
    if (!named) throw new TypeError(`no such type: ${id}`);
    const [, sign, kind, bits] = named;
    if (kind === "Float") return this.number(`Float${bits}`);
    return this.number((bits === "64" ? "Big" : "") + (sign ? "Uint" : "Int") + bits);
  }
}
