// Hashes of values, and values by their bytes.

export default [
  "SELECT cityHash64(''), cityHash64('a'), cityHash64('hello world, this is'), cityHash64(1), cityHash64(toInt64(-5)), cityHash64(1.5), cityHash64('a', 'b'), cityHash64(1, 'x', 2), cityHash64(toDate('2024-01-01')), cityHash64(toDateTime(5,'UTC')), cityHash64(toDateTime64(5,3,'UTC'))",
  "SELECT cityHash64(NULL), cityHash64(toNullable('a')), toTypeName(cityHash64(toNullable('a'))), cityHash64('a', NULL), cityHash64(toFloat32(1.5)), cityHash64(true), cityHash64(toUInt64(18446744073709551615))",
  "SELECT cityHash64(-0.0), cityHash64(0.0), xxHash64(-0.0), xxHash64(0.0), sipHash64(0.0)",
  "SELECT sipHash64(''), sipHash64('a'), sipHash64(1), sipHash64('a', 'b'), sipHash64(1, 2, 3), sipHash64(NULL)",
  "SELECT xxHash64(''), xxHash64('a'), xxHash64(1), xxHash64('a', 'b'), xxHash32('a'), toTypeName(xxHash32('a')), xxh3('a'), xxHash64(NULL), intHash64(1), intHash32(1), xxHash32(1)",
  "SELECT halfMD5('a'), halfMD5('')",
  "SELECT cityHash64(event) % 10 AS bucket, count() FROM events GROUP BY bucket ORDER BY bucket",
  "SELECT sum(sipHash64(event, ts)), sum(xxHash64(customer_id, value, channel)) FROM events",
  "SELECT arraySum(arrayMap(n -> cityHash64(substring(repeat('abcdefghijklmnop', 40), 1, n)), range(600)))",
  "SELECT groupArray(cityHash64(repeat('xy', number))) FROM numbers(100)",
  "SELECT groupArray(sipHash64(repeat('xy', number), number)) FROM numbers(40)",
  "SELECT sum(cityHash64(event, customer_id, value)) FROM events",
  "SELECT intHash32(1), intHash32(toInt64(-1)), intHash32(123456789012), toTypeName(intHash32(1)), intHash32(toDate('2024-01-01'))",
  "SELECT cityHash64(toDateTime64(5,3,'UTC')), xxHash64(toDateTime64(5,3,'UTC')), sipHash64(toDate('2024-01-01'))",
  "SELECT reinterpretAsUInt32('abcd'), reinterpretAsInt64('a'), reinterpretAsFloat64('abcdefgh'), reinterpretAsString(1684234849), reinterpretAsUInt8(300), reinterpretAsDate('ab')",
];
