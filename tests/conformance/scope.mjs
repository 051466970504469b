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

// What is answered otherwise on purpose, of queries made by chance: README.md says why.
const kOnPurpose = [
  [/\b(min|max)\([^()]*INTERVAL/, "a least or greatest moment of no rows, with something added to it"],
  [/\b(sum|avg)\([^()]*\) AS a\b.*(GROUP BY a\b)|uniqExact\(a\).*\b(sum|avg)\(/, "which sums are equal: ours are exact"],
];
const kTypeNames = (types) => types.replaceAll("Bool", "UInt8").replace(/DateTime64\(3, [^)]*\)/g, "DateTime64(3)");

/// Why a query by chance is answered otherwise; undefined: it is wrong.
export function isOnPurpose(sql, expected, answered) {
  const found = kOnPurpose.find(([pattern]) => pattern.test(sql));
  if (found) return found[1];
  const [, types, ...rows] = (expected.text ?? "").trimEnd().split("\n");
  if (answered.code === 43 && types !== undefined && rows.length === 0) return "types are checked there only where there are rows";
  if (!/IS (NOT )?NULL/.test(sql) || answered.text === undefined || types === undefined) return undefined;
  const ours = answered.text.split("\n")[1];
  return ours !== types && kTypeNames(ours) === kTypeNames(types) ? "a choice that is known beforehand loses the name of its type there" : undefined;
}
