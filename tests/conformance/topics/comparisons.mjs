// Comparisons between types, NULL in logic, IN.

const kOperands = ["1", "-1", "toUInt64(18446744073709551615)", "toInt64(-1)", "1.5", "nan", "NULL", "'1'", "true"];
const compared = [];
for (const left of kOperands) {
  for (const right of kOperands) {
    if (left.includes("'") !== right.includes("'") || left > right) continue;
    compared.push(`SELECT ${left} = ${right} AS e, ${left} < ${right} AS l, ${left} >= ${right} AS g, ${left} != ${right} AS n`);
  }
}
const kTruth = ["0", "1", "NULL", "2", "0.5", "true"];
const logic = [];
for (const left of kTruth) {
  for (const right of kTruth) logic.push(`SELECT ${left} AND ${right} AS a, ${left} OR ${right} AS o, xor(${left}, ${right}) AS x`);
}

export default [
  ...compared, ...logic,
  "SELECT NOT 0, NOT 1, NOT NULL, NOT 2, NOT 0.5", "SELECT 1 = '1'", "SELECT '2' > 1", "SELECT 1 = 'a'", "SELECT 1.5 = '1.5'", "SELECT toUInt8(1) = '256'",
  "SELECT 'a' < 'b', 'B' < 'a', 'a' < 'aa', '' < 'a', 'ž' > 'z', 'a' = 'A'", "SELECT [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1] = [1]", "SELECT (1, 2) < (1, 3), (1, 'a') = (1, 'a'), (1, 2) > (0, 9)",
  "SELECT (1, NULL) = (1, NULL), (1, NULL) < (2, NULL)", "SELECT toDate('2024-01-01') = '2024-01-01', toDate('2024-01-01') < '2024-01-02'",
  "SELECT toDateTime('2024-01-01 00:00:00') = '2024-01-01 00:00:00', toDate('2024-01-01') = toDateTime('2024-01-01 00:00:00')",
  "SELECT toDate('2024-01-01') < toDateTime('2024-01-01 00:00:01')", "SELECT toDateTime64('2024-01-01 00:00:00.5', 3) > toDateTime('2024-01-01 00:00:00')", "SELECT toDate('2024-01-01') = 19723", "SELECT toDate('2024-01-01') = 'x'",
  "SELECT NULL IS NULL, 1 IS NULL, NULL IS NOT NULL, isNull(NULL), isNotNull(1)", "SELECT 1 <=> 1, 1 <=> NULL, NULL <=> NULL", "SELECT 1 IS DISTINCT FROM 2, 1 IS NOT DISTINCT FROM NULL",
  "SELECT 1 IS TRUE, 0 IS TRUE, NULL IS TRUE, NULL IS NOT FALSE", "SELECT 5 BETWEEN 1 AND 10, 5 NOT BETWEEN 1 AND 10, NULL BETWEEN 1 AND 2, 5 BETWEEN NULL AND 10, 5 BETWEEN NULL AND 1",
  "SELECT 1 IN (1, 2), 3 IN (1, 2), 1 NOT IN (1, 2), NULL IN (1, 2), 1 IN (1, NULL), 2 IN (1, NULL)", "SELECT NULL IN (NULL), NULL NOT IN (1), 2 NOT IN (1, NULL)",
  "SELECT 'a' IN ('a', 'b'), 'c' IN ('a')", "SELECT 1 IN (1.0, 2.5), 1.5 IN (1, 1.5), -1 IN (1, -1), 256 IN (0)", "SELECT (1, 'a') IN ((1, 'a'), (2, 'b')), (1, 2) IN ((1, 3))", "SELECT (1, 2) IN (1, 2)",
  "SELECT 1 IN [1, 2]", "SELECT 1 IN tuple(1, 2)", "SELECT 1 IN (SELECT 1)", "SELECT 1 IN (SELECT NULL)", "SELECT 2 IN (SELECT number FROM numbers(3)), 5 NOT IN (SELECT number FROM numbers(3))",
  "SELECT toDate('2024-01-01') IN ('2024-01-01', '2024-01-02')", "SELECT 1 IN ('1', '2')", "SELECT 1 IN ('x')", "SELECT 'a' IN (1)", "SELECT number IN (1, 3) AS i, number FROM numbers(5)",
  "SELECT nullIf(1, 1), nullIf(1, 2), nullIf('a', 'b'), nullIf(NULL, 1)", "SELECT ifNull(NULL, 1), ifNull(2, 1), ifNull(NULL, NULL), coalesce(NULL, NULL, 3), coalesce(NULL), coalesce(1, 2)",
  "SELECT toTypeName(ifNull(toNullable(1), 2)), toTypeName(coalesce(toNullable(1), NULL)), toTypeName(nullIf(1, 2)), assumeNotNull(toNullable(5))",
  "SELECT count() FROM events WHERE value", "SELECT count() FROM events WHERE NOT value", "SELECT count() FROM events WHERE value > 0 OR value <= 0", "SELECT count() FROM events WHERE value = -0.0", "SELECT count() FROM events WHERE channel != 'web'",
  "SELECT count() FROM events WHERE channel IS NULL", "SELECT count() FROM events WHERE channel NOT IN ('web', 'app')", "SELECT count() FROM events WHERE channel IN ('web', NULL)", "SELECT count() FROM events WHERE (channel, category) IN (('web', 'shoes'), ('app', 'bags'))",
  "SELECT count() FROM events WHERE properties.gift", "SELECT count() FROM events WHERE properties.gift = false", "SELECT count() FROM events WHERE properties.gift IS NULL", "SELECT count() FROM events WHERE properties.quantity BETWEEN 1 AND 3",
  "SELECT count() FROM events WHERE properties.large = 9223372036854775807", "SELECT count() FROM events WHERE properties.large > 9007199254740992", "SELECT count() FROM events WHERE properties.large = 9007199254740992.0",
  "SELECT count() FROM events WHERE properties.large < 18446744073709551615", "SELECT count() FROM events WHERE properties.price = 0.3", "SELECT count() FROM events WHERE properties.price = 0.30000000000000004", "SELECT count() FROM events WHERE rating = 3.5",
  "SELECT count() FROM events WHERE ts >= '2024-03-31 01:00:00' AND ts < '2024-04-01 00:00:00'", "SELECT count() FROM events WHERE ts = '2024-01-01 00:00:00.000'", "SELECT count() FROM events WHERE ts > toDateTime('2024-06-01 00:00:00')", "SELECT count() FROM events WHERE toDate(ts) = '2024-02-29'",
  "SELECT count() FROM events WHERE ts BETWEEN '2024-01-01' AND '2024-02-01'", "SELECT count() FROM events WHERE customer_id IN (SELECT customer_id FROM customers WHERE age > 30)", "SELECT count() FROM events WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE vip)",
  "SELECT count() FROM events WHERE 0", "SELECT count() FROM events WHERE NULL", "SELECT count() FROM events WHERE 'a'", "SELECT count() FROM events WHERE 1.5", "SELECT 1 WHERE 0", "SELECT 1 WHERE NULL", "SELECT count() FROM events WHERE event = 'Order Completed' AND NOT (value > 1)",
  "SELECT true AND 1 AS x, toNullable(true) AND 1 AS y, toNullable(true) AND toNullable(true) AS z, NOT toNullable(true) AS w, xor(toNullable(true), true) AS v, xor(1, true) AS u, materialize(toNullable(true)) OR materialize(1) AS s", "SELECT vip AND (age > 30) AS a, vip OR vip AS b, NOT vip AS c, xor(vip, vip) AS d, customer_id FROM customers ORDER BY customer_id LIMIT 8",
];
