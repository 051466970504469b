// ClickHouse's names of types, as a tree.

// "Tuple(a UInt8, b Array(String))" → {id: "Tuple", elements: [{name: "a", type: …}, …]}.
export function parseType(name) {
  const open = name.indexOf("(");
  if (open < 0) return { id: name, elements: [] };
  const id = name.slice(0, open);
  const parts = split(name.slice(open + 1, -1));
  switch (id) {
    case "Nullable":
    case "Array":
    case "LowCardinality":
      return { id, elements: [{ type: parseType(parts[0]) }] };
    case "Tuple":
      return { id, elements: parts.map(parseElement) };
    default:
      return { id, elements: [], parameters: parts }; // DateTime64(3, 'UTC').
  }
}

// What commas separate, those in brackets and quotes not counted.
function split(text) {
  const parts = [];
  let depth = 0;
  let quoted = "";
  let begin = 0;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c === "\\") ++i;
      else if (c === quoted) quoted = "";
    } else if (c === "'" || c === "`") quoted = c;
    else if (c === "(") ++depth;
    else if (c === ")") --depth;
    else if (c === "," && depth === 0) {
      parts.push(text.slice(begin, i).trim());
      begin = i + 1;
    }
  }
  const last = text.slice(begin).trim();
  if (last) parts.push(last);
  return parts;
}

function parseElement(text) {
  const named = /^([A-Za-z_]\w*|`(?:[^`\\]|\\.)*`) (.+)$/s.exec(text);
  if (!named) return { type: parseType(text) };
  return { name: named[1].replace(/^`|`$/g, ""), type: parseType(named[2]) };
}
