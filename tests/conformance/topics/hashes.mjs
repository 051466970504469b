// Hashes of values.

export default [
  "SELECT cityHash64(NULL), cityHash64(toNullable('a')), toTypeName(cityHash64(toNullable('a'))), cityHash64('a', NULL), cityHash64(toFloat32(1.5)), cityHash64(true), cityHash64(toUInt64(18446744073709551615))",
  "SELECT cityHash64(-0.0), cityHash64(0.0), xxHash64(-0.0), xxHash64(0.0), sipHash64(0.0)",
  "SELECT sipHash64(''), sipHash64('a'), sipHash64(1), sipHash64('a', 'b'), sipHash64(1, 2, 3), sipHash64(NULL)",
  "SELECT halfMD5('a'), halfMD5('')",
  "SELECT cityHash64(event) % 10 AS bucket, count() FROM events GROUP BY bucket ORDER BY bucket",
  "SELECT sum(sipHash64(event, ts)), sum(xxHash64(customer_id, value, channel)) FROM events",
  "SELECT arraySum(arrayMap(n -> cityHash64(substring(repeat('abcdefghijklmnop', 40), 1, n)), range(600)))",
  "SELECT groupArray(cityHash64(repeat('xy', number))) FROM numbers(100)",
  "SELECT groupArray(sipHash64(repeat('xy', number), number)) FROM numbers(40)",
  "SELECT sum(cityHash64(event, customer_id, value)) FROM events",
  "SELECT halfMD5('a')",
  "SELECT intHash32(1), intHash32(toInt64(-1)), intHash32(123456789012), toTypeName(intHash32(1)), intHash32(toDate('2024-01-01'))",
];
