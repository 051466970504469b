// Types and values of arithmetic, at the edges of every type.

const kValues = [
  "toUInt8(255)", "toUInt8(0)", "toInt8(-128)", "toInt8(127)", "toUInt16(65535)", "toInt16(-32768)", "toUInt32(4294967295)",
  "toInt32(-2147483648)", "toUInt64(18446744073709551615)", "toInt64(-9223372036854775808)", "toInt64(9223372036854775807)",
  "toFloat32(1.5)", "1e300", "-0.0", "inf", "nan", "true",
];
const kRight = ["toUInt8(1)", "toInt8(-1)", "toUInt8(0)", "toInt64(3)", "toFloat64(0.5)", "toUInt64(2)"];

const pairs = [];
for (const left of kValues) {
  // One column an operator, so that the whole row of results is one answer.
  for (const right of kRight) {
    pairs.push(`SELECT ${left} + ${right} AS p, ${left} - ${right} AS m, ${left} * ${right} AS t, ${left} / ${right} AS d`);
  }
}
const kIntegers = kValues.slice(0, 11);
const divisions = [];
for (const left of kIntegers) {
  for (const right of ["toUInt8(7)", "toInt8(-7)", "toInt64(3)", "toUInt64(10)"]) {
    divisions.push(`SELECT intDiv(${left}, ${right}) AS q, ${left} % ${right} AS r, intDivOrZero(${left}, ${right}) AS z`);
  }
}

export default [
  ...pairs, ...divisions,
  ...kValues.map((value) => `SELECT -(${value}) AS n, abs(${value}) AS a, sign(${value}) AS s`),
  "SELECT intDiv(1, 0)", "SELECT 1 % 0", "SELECT modulo(1, 0)", "SELECT intDivOrZero(1, 0), moduloOrZero(1, 0)", "SELECT 1 / 0, -1 / 0, 0 / 0",
  "SELECT intDiv(toInt8(-128), toInt8(-1))", "SELECT intDiv(toInt64(-9223372036854775808), toInt64(-1))",
  "SELECT intDiv(1.5, 2)", "SELECT intDiv(7.9, 2), intDiv(-7, 2), -7 % 2, 7 % -2", "SELECT 5.5 % 2, -5.5 % 2, 5 % 2.5", "SELECT intDiv(1e20, 1)",
  "SELECT intDiv(1, NULL), 1 + NULL, NULL * 2, -NULL", "SELECT 1 + 'a'", "SELECT 'a' + 'b'", "SELECT [1] + [2]", "SELECT (1, 2) + (3, 4)", "SELECT true + true, true * 2, -true",
  "SELECT 9223372036854775807 + 1, 18446744073709551615 + 1, -9223372036854775808 - 1", "SELECT 4294967295 * 4294967295, 65535 * 65535, 255 * 255, 255 + 1",
  "SELECT plus(1, 2), minus(1, 2), multiply(2, 3), divide(7, 2), modulo(7, 4), negate(1)", "SELECT plus(1)", "SELECT plus(1, 2, 3)",
  "SELECT greatest(1, 2), least(1, -1), greatest(1, 2.5), least('a', 'b'), greatest(1, NULL)", "SELECT greatest(1, 2, 3), least(3, 2, 1)",
  "SELECT gcd(12, 18), lcm(4, 6)", "SELECT bitAnd(12, 10), bitOr(12, 10), bitXor(12, 10), bitNot(toUInt8(5)), bitShiftLeft(1, 3), bitShiftRight(16, 2)",
  ...["round", "floor", "ceil", "trunc"].flatMap((f) => [
    `SELECT ${f}(2.5), ${f}(-2.5), ${f}(3.5), ${f}(0.5), ${f}(1e20), ${f}(nan), ${f}(inf)`,
    `SELECT ${f}(1234.5678, 2), ${f}(1234.5678, -2), ${f}(-1234.5678, 1), ${f}(1234, -2), ${f}(1250, -2)`,
    `SELECT ${f}(5), ${f}(toInt8(-5)), ${f}(toFloat32(2.5)), ${f}(NULL)`,
  ]),
  "SELECT sqrt(4), sqrt(-1), exp(0), log(1), ln(1), log2(8), log10(1000), pow(2, 10), power(2, 0.5), cbrt(27)",
  "SELECT sin(0), cos(0), tan(0), asin(0), acos(1), atan(0), atan2(0, 1), pi(), e()", "SELECT log(0), log(-1), exp(1000), pow(0, 0), pow(2, -1)",
  "SELECT toTypeName(1 + 1), toTypeName(1 + -1), toTypeName(1 * 1.5), toTypeName(1 / 1), toTypeName(toUInt32(1) - 1)",
  "SELECT value + 1, value * 2, value / 0, -value, event_id FROM events ORDER BY event_id LIMIT 20",
  "SELECT properties.quantity % 3, intDiv(properties.quantity, 2), properties.quantity / 2, event_id FROM events ORDER BY event_id LIMIT 20",
  "SELECT properties.large + 1, properties.large * 2, -properties.large, event_id FROM events ORDER BY event_id LIMIT 30",
  "SELECT abs(properties.large), toFloat64(properties.large), event_id FROM events ORDER BY event_id LIMIT 30",
  "SELECT rating + 0.1, rating * rating, toTypeName(rating + 1), event_id FROM events ORDER BY event_id LIMIT 20",
  "SELECT isNaN(nan), isInfinite(inf), isFinite(1), isNaN(1)", "SELECT nan = nan, nan < 1, nan > 1, nan != nan, inf = inf, -0.0 = 0",
];
