// Literals, their types, and the names of columns.

const kLiterals = [
  "0", "1", "-1", "- 1", "255", "256", "-128", "-129", "65535", "65536", "4294967295", "4294967296",
  "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
  "-9223372036854775809", "18446744073709551615", "18446744073709551616", "100000000000000000000",
  "0x1F", "0xFFFFFFFFFFFFFFFF", "0b101", "1_000", "010", "1.0", "1.5", ".5", "5.", "-0", "-0.0", "0.1",
  "1e3", "1e10", "1E+5", "1e-7", "1e20", "1e21", "1e100", "1.7976931348623157e308", "5e-324", "0x1p3",
  "123456789.123456789", "0.000001", "0.0000012", "inf", "-inf", "nan", "NaN", "+inf", "NULL", "true", "FALSE",
  "'a'", "''", "'it''s'", "'it\\'s'", "'\\n\\t\\\\'", "'\\x41\\x42'", "'\\%\\_'", "'\\q'", "'한국어'", "'🚀'", "x'4142'",
  "b'01000001'", "$$a'b$$", "$tag$x$tag$", "[]", "[1, 2]", "[1, -1]", "[1, 2.5]", "[1, NULL]", "[NULL]",
  "['a', 'b']", "[[1], [2, 3]]", "[1, 256, 65536]", "[true, false]", "(1, 'a')", "(1,)", "((1, 2), 'x')", "[(1, 'a')]",
  "tuple(1)", "array(1, 2)", "(1, NULL)", "([1], 'a')", "[[], [1]]",
];

const kNames = [
  "1+1", "1 + 2 * 3", "-(1)", "- - 1", "NOT 1", "not(1) AND 0", "1 AND 2 AND 3", "(1 AND 2) AND 3", "1 OR 2 AND 3",
  "'a' || 'b' || 'c'", "1 BETWEEN 0 AND 2", "1 NOT BETWEEN 0 AND 2", "1 IN (1, 2)", "1 IN (1)", "1 NOT IN (2)", "1 IN 1",
  "1 IS NULL", "NULL IS NOT NULL", "1 IS DISTINCT FROM NULL", "1 <=> NULL", "1 IS TRUE", "'a' LIKE 'a'", "'a' NOT LIKE 'a'",
  "'a' ILIKE 'A'", "1 = 1", "1 == 1", "1 != 2", "1 <> 2", "1 < 2", "1 >= 2", "5 % 3", "5 MOD 3", "5 DIV 3", "5 / 2",
  "CASE WHEN 1 THEN 2 END", "CASE 1 WHEN 1 THEN 'a' ELSE 'b' END", "CASE WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 3 END",
  "1 ? 2 : 3", "if(1, 2, 3)", "IF(1, 2, 3)", "[1,2,3][1]", "(1,'a').2", "((1,2),3).1.2", "[[1,2]][1][2]", "tuple(1,2).1",
  "1::Int8", "-1::Int8", "1.5::Float32", "'5'::UInt8", "(1+1)::Int8", "1::Int8::String", "CAST(1 AS Int8)",
  "CAST(1 AS Nullable(Int8))", "CAST('1', 'Int8')", "INTERVAL 1 DAY", "INTERVAL '2' hour", "INTERVAL -1 MONTH",
  "DATE '2024-01-01'", "TIMESTAMP '2024-01-01 00:00:00'", "EXTRACT(YEAR FROM DATE '2024-05-06')",
  "SUBSTRING('abc' FROM 2 FOR 1)", "TRIM(BOTH 'a' FROM 'aba')", "POSITION('b' IN 'abc')", "COALESCE(NULL, 1)",
  "Lower('A')", "LOWER('A')", "arrayMap(x -> x + 1, [1, 2])", "arrayMap((x, y) -> x + y, [1], [2])",
  "(1 AS a) + a", "toTypeName(1)", "1 < 2 = 1", "NULL = 1 IS NULL", "1 + 1 IN (2)", "-[1,2][1]",
];

export default [
  ...kLiterals.map((literal) => `SELECT ${literal}`),
  ...kLiterals.map((literal) => `SELECT toTypeName(${literal}) AS t`),
  ...kNames.map((name) => `SELECT ${name}`),
  "SELECT 1 AS a, 2 b, 3 AS `c d`, 4 AS \"e\"", "SELECT 1, 2,", "SELECT 1 AS a, a + 1 AS b, b + a AS c",
  "SELECT event, value, text FROM events WHERE 0", "SELECT e.event, e.`properties.quantity`, properties.price FROM events AS e LIMIT 0",
  "SELECT count(), count(*), COUNT(1), count(DISTINCT event), uniq(event) AS u FROM events WHERE 0",
  "SELECT quantile(0.5)(value), quantiles(0.5, 0.9)(value), topK(3)(event) FROM events WHERE 0",
  "SELECT sum(value) FILTER (WHERE value > 1), sumIf(value, value > 1), count() FILTER (WHERE 1) FROM events WHERE 0",
  "SELECT row_number() OVER (ORDER BY ts), sum(value) OVER (PARTITION BY event ORDER BY ts ROWS 1 PRECEDING) FROM events WHERE 0",
  "SELECT -1 -1, 2-1, 3 - -1, 1 /* c */ + -- d\n 1", "SELECT 1;", "SELECT 'a' AS x FORMAT TabSeparatedWithNamesAndTypes",
];
