// Functions of text.

const kTexts = ["''", "'abc'", "'Žluť'", "'한국어'", "'a🚀b'", "'  x '", "NULL"];
const each = ["length", "lengthUTF8", "lower", "upper", "lowerUTF8", "upperUTF8", "reverse", "reverseUTF8", "empty", "notEmpty", "trim", "hex",
  "isValidUTF8", "base64Encode", "toString", "char_length"];

const kLikes = [
  ["abc", "a%"], ["abc", "%c"], ["abc", "_b_"], ["abc", "a_"], ["abc", "%"], ["", "%"], ["", ""], ["", "_"], ["a%c", "a\\\\%c"], ["abc", "a\\\\%c"],
  ["a_c", "a\\\\_c"], ["a\\\\c", "a\\\\\\\\c"], ["50%", "50\\\\%"], ["한국어", "한_어"], ["a🚀b", "a_b"], ["ABC", "abc"], ["a\\nb", "a%b"], ["a.c", "a.c"], ["abc", "a.c"], ["(x)", "(%)"],
  ["a+b", "a+b"], ["žluť", "Ž%"], ["abc", "%b%"], ["abcabc", "%b%b%"], ["aaa", "a%a"], ["[x]", "[x]"], ["x", "x\\\\"],
];

export default [
  ...each.map((f) => `SELECT ${kTexts.map((text, i) => `${f}(${text}) AS c${i}`).join(", ")}`),
  ...kLikes.flatMap(([text, pattern]) => [
    `SELECT '${text}' LIKE '${pattern}' AS l, '${text}' NOT LIKE '${pattern}' AS n`, `SELECT '${text}' ILIKE '${pattern}' AS i, '${text}' NOT ILIKE '${pattern}' AS n`,
  ]),
  ...["text", "category", "properties.coupon"].flatMap((column) => ["%a%", "%\\\\%%", "s%", "%\\\\_%", "_____%", "%", "SAVE__", "%ů%", "%\\n%"].flatMap((pattern) => [
    `SELECT count() FROM events WHERE ${column} LIKE '${pattern}'`, `SELECT count() FROM events WHERE ${column} NOT ILIKE '${pattern}'`])),
  "SELECT substring('hello', 2), substring('hello', 2, 3), substring('hello', -3), substring('hello', -3, 2), substring('hello', 0, 2), substring('hello', 10), substring('hello', 2, 0)",
  "SELECT substring('hello', 1, -1), substring('hello', 2, -2)", "SELECT substring('한국어', 1, 3), substringUTF8('한국어', 2, 1), substringUTF8('한국어', -1)", "SELECT substr('hello', 2, 2), mid('hello', 2, 2)", "SELECT left('hello', 2), right('hello', 2), left('hello', -2), leftUTF8('한국어', 2), rightUTF8('한국어', 1)",
  "SELECT position('hello', 'l'), position('hello', 'z'), position('hello', ''), position('hello', 'l', 4), position('한국어', '국'), positionUTF8('한국어', '국')", "SELECT locate('l', 'hello'), positionCaseInsensitive('HELLO', 'l')", "SELECT startsWith('hello', 'he'), endsWith('hello', 'lo'), startsWith('hello', ''), endsWith('', 'a')",
  "SELECT concat('a', 'b', 'c'), concat('a', 1, 2.5), concat('a', NULL), 'a' || 1, concat('x')", "SELECT 'a' || NULL, NULL || NULL", "SELECT replace('aXbX', 'X', 'y'), replaceAll('aaa', 'a', 'b'), replaceOne('aaa', 'a', 'b'), replace('abc', '', 'x')",
  "SELECT replaceRegexpAll('a1b22', '[0-9]+', '#'), replaceRegexpOne('a1b22', '[0-9]+', '#'), replaceRegexpAll('ab', '(a)(b)', '\\\\2\\\\1')", "SELECT match('abc', 'b'), match('abc', '^b'), match('a\\nb', 'a.b'), 'abc' REGEXP 'B'", "SELECT match('abc', '(')", "SELECT extract('a1b2', '[0-9]'), extractAll('a1b2', '[0-9]'), extract('abc', 'x'), extract('key=val', 'key=(.*)')",
  "SELECT splitByChar(',', 'a,b,,c'), splitByChar(',', ''), splitByString(', ', 'a, b'), splitByString('', 'abc')", "SELECT arrayStringConcat(['a', 'b'], '-'), arrayStringConcat(['a', 'b']), arrayStringConcat([], ',')", "SELECT repeat('ab', 3), repeat('ab', 0), repeat('ab', -1), repeat('', 100)", "SELECT leftPad('7', 3, '0'), rightPad('7', 3, '*'), leftPad('abc', 2), lpad('a', 3, 'xy'), rpad('a', 4)",
  "SELECT trimLeft('  a '), trimRight(' a  '), trimBoth(' a '), ltrim('  a'), rtrim('a  '), TRIM(BOTH 'xy' FROM 'xyaxy'), TRIM(LEADING '0' FROM '007')", "SELECT ascii('A'), char(65, 66), char(0)", "SELECT hex(255), hex('ab'), unhex('4142'), hex(0), hex(-1), hex(1.5)", "SELECT base64Encode('hello'), base64Decode('aGVsbG8='), tryBase64Decode('!')",
  "SELECT lower('ÀÉ'), lowerUTF8('ÀÉ'), upper('straße'), upperUTF8('žluť'), initcap('hello world')", "SELECT countSubstrings('aaa', 'a'), countSubstrings('aaaa', 'aa')", "SELECT reverse('abc'), reverseUTF8('한국')", "SELECT toString(1), toString(1.5), toString('a'), toString(toDate('2024-01-01')), toString(NULL), toString(true), toString([1, 2]), toString((1, 'a'))",
  "SELECT format('{} {}', 'a', 'b'), format('{1} {0}', 'a', 'b')", "SELECT cityHash64('a') > 0, toTypeName(cityHash64('a'))", "SELECT lower(1)", "SELECT length(5)", "SELECT length([1, 2]), empty([]), notEmpty([1])", "SELECT concat()", "SELECT substring('a')", "SELECT upper('a', 'b')", "SELECT space(3), concatWithSeparator('-', 'a', 'b'), concat_ws('-', 'a', 'b')",
  "SELECT domain('https://www.example.com/a?b=c'), path('https://example.com/a/b?c=d'), protocol('http://x'), cutQueryString('http://x/y?z'), extractURLParameter('http://x/?a=1&b=2', 'b'), domainWithoutWWW('http://www.a.b/')", "SELECT JSONExtractString('{\"a\": \"b\"}', 'a'), JSONExtractInt('{\"a\": 5}', 'a'), JSONHas('{\"a\": 1}', 'b'), JSONExtractFloat('{\"a\": 1.5}', 'a')",
  "SELECT DISTINCT text, length(text), lengthUTF8(text), upper(text), lowerUTF8(text), reverse(text) FROM events ORDER BY text", "SELECT DISTINCT category, substring(category, 1, 3), position(category, 'a') FROM events ORDER BY category", "SELECT DISTINCT event, splitByChar(' ', event), replaceAll(event, 'e', '3'), concat(event, '!') FROM events ORDER BY event", "SELECT DISTINCT city, upper(city), left(city, 2), city LIKE '%o%' FROM customers ORDER BY city",
  "SELECT count() FROM events WHERE text = ''", "SELECT count() FROM events WHERE empty(text)", "SELECT count() FROM events WHERE lower(category) = 'shoes'", "SELECT count() FROM events WHERE match(event, '^Product')", "SELECT count() FROM events WHERE position(event, 'Product') > 0", "SELECT count() FROM events WHERE startsWith(event, 'Product') AND channel = 'web'",
];
