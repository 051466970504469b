// Whether two answers in TabSeparatedWithNamesAndTypes are the same, as tests/queries/rows_match.cpp has it.

const kNumber = /-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi;

const toleranceOf = (type) => (type.includes("Float32") ? 1e-6 : type.includes("Float64") ? 1e-12 : 0);

function aboutEqual(left, right, tolerance) {
  if (left === right) return true;
  if (tolerance === 0 || left.replace(kNumber, "#") !== right.replace(kNumber, "#")) return false;
  const ours = right.match(kNumber) ?? [];
  return (left.match(kNumber) ?? []).every((text, i) => {
    const a = Number(text);
    const b = Number(ours[i]);
    return text[0] === "-" === (ours[i][0] === "-") && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
  });
}

const lines = (text) => (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");

/// What is wrong; "" where nothing is.
export function rowsMismatch(expected, answered, unordered) {
  const left = lines(expected);
  const right = lines(answered);
  if (right.length < 2) return `no rows: ${answered}`;
  if (left[0] !== right[0]) return `names: expected ${left[0]}, got ${right[0]}`;
  if (left[1] !== right[1]) return `types: expected ${left[1]}, got ${right[1]}`;
  if (left.length !== right.length) return `rows: expected ${left.length - 2}, got ${right.length - 2}`;
  const tolerances = left[1].split("\t").map(toleranceOf);
  const wanted = left.slice(2);
  const got = right.slice(2);
  if (unordered) {
    wanted.sort();
    got.sort();
  }
  for (let i = 0; i < wanted.length; ++i) {
    if (wanted[i] === got[i]) continue;
    const a = wanted[i].split("\t");
    const b = got[i].split("\t");
    const same = a.length === b.length && a.every((cell, c) => aboutEqual(cell, b[c], tolerances[c]));
    if (!same) return `row ${i + 1}: expected ${wanted[i]}, got ${got[i]}`;
  }
  return "";
}
