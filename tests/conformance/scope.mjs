// What is out of our scope, and why: README.md lists the same.

// Types that we do not have: queries with them are answered with a clear error (48 or 50).
const kTypes = /\b(Decimal|Map|Enum|UUID|U?Int128|U?Int256|Date32|FixedString|Variant|Dynamic|JSON|BFloat16|LowCardinality|AggregateFunction|Time64|Time|Point)\b/;

// Functions that no client of ours is known to send; they answer 46 with their name.
const kFunctions = [];

/// Why a query is not asked; undefined: it is.
export function unsupported(asked, answer) {
  if (answer.text !== undefined) {
    const types = answer.text.split("\n")[1] ?? "";
    const found = kTypes.exec(types) ?? (asked.sql.includes("toTypeName") ? kTypes.exec(answer.text) : null);
    if (found) return `the type ${found[0]}`;
  }
  const called = kFunctions.find((name) => asked.sql.includes(`${name}(`));
  return called && `the function ${called}`;
}
