// Writes tests/data/sql/aggregates.tsv: what ClickHouse answers to the calls below, for each group of
// the rows that `aggregate_answers_test.cpp` makes by the same formulas.
//
//   node aggregate_answers.mjs > ../../data/sql/aggregates.tsv     (wants `npm install chdb`)
import { createRequire } from 'node:module';
const { query } = createRequire(process.cwd() + '/')('chdb');

const rows = `SELECT toUInt64(number) AS n, toUInt16(n * 7919 % 5) AS g, toUInt8(n * 31 % 251) AS u8,
  toInt16(n * 173 % 600 - 300) AS i16, toInt64(n) * n * n - 500000 AS i64, n / 7 - 20 AS f64,
  toFloat32(n % 13 / 4) AS f32, concat('s', toString(n * 5 % 23)) AS s, if(n % 4 = 0, NULL, s) AS ns,
  if(n % 3 = 0, NULL, toInt32(n % 50 - 25)) AS ni, toUInt32(n * 613 % 500) AS t,
  toDate(n * 37 % 900 + 18000) AS d, toDateTime(n * 613 % 5000 + 1700000000) AS dt,
  n * 11 % 7 < 2 AS c1, n * 5 % 11 < 3 AS c2, n * 3 % 13 < 3 AS c3,
  if(n % 10 = 0, nan, n / 3) AS nf, range(n % 4) AS a
  FROM numbers(400)`;

const calls = [];
const all = (names, lists) => {
  for (const name of names) for (const list of lists) calls.push(`${name}(${list})`);
};
const numbers = ['u8', 'i16', 'i64', 'f64', 'f32', 'ni', 'nf'];
const values = [...numbers, 's', 'ns', 'd', 'dt', 'a'];
all(['count'], ['', ...values, 'DISTINCT u8', 'DISTINCT ns', 'DISTINCT s, ni']);
all(['min', 'max', 'any', 'anyLast', 'uniqExact', 'first_value', 'last_value', 'any_value'], values);
all(['sum', 'avg', 'varSamp', 'varPop', 'stddevPop', 'stddevSamp', 'skewPop', 'skewSamp', 'kurtPop',
  'kurtSamp'], numbers.filter((x) => x !== 'i64' && x !== 'nf'));
all(['sum', 'avg', 'sumWithOverflow'], ['i64']);
all(['sumWithOverflow', 'groupBitAnd', 'groupBitOr', 'groupBitXor'], ['u8', 'i16', 'ni']);
all(['sum', 'avg'], ['nf', 'DISTINCT u8', 'DISTINCT ni']);
all(['avg'], ['d', 'dt']);
all(['argMin', 'argMax', 'min_by', 'max_by'], ['s, i64', 'ns, f64', 'i16, d', 's, ns', 'ns, ni',
  'a, nf', 'u8, a']);
all(['covarPop', 'covarSamp', 'corr'], ['u8, i16', 'f64, f32', 'ni, f64', 'f32, f32']);
all(['quantile', 'quantile(0.9)', 'median', 'quantiles(0.1, 0.5, 0.999)', 'quantileExact(0.75)',
  'quantilesExact(0.01, 0.25, 1.)', 'medianExact', 'quantileExactLow', 'quantileExactHigh(0.5)',
  'quantileExactLow(0.31)', 'quantilesExactHigh(0.5, 0.9)'], [...numbers, 'd', 'dt']);
all(['quantileExactExclusive(0.3)', 'quantilesExactInclusive(0.1, 0.9)',
  'quantileExactInclusive(0.5)', 'quantilesExactExclusive(0.01, 0.99)'], numbers);
all(['groupArray', 'groupArray(7)', 'array_agg'], values);
all(['retention'], ['c1, c2', 'c1, c2, c3', 'c3, ni > 0']);
all(['windowFunnel(50)', 'windowFunnel(5)', "windowFunnel(50, 'strict_order')",
  "windowFunnel(100, 'strict_deduplication')", "windowFunnel(60, 'strict_increase')",
  "windowFunnel(60, 'strict_increase', 'strict_order')"], ['t, c1, c2', 't, c1, c2, c3',
  'dt, c3, c2, c1', 't, c2, ni > 0', 't, c1', 't, c2, c2, c2', 'd, c1, c2']);
all(["sequenceMatch('(?1)(?2)')", "sequenceMatch('(?1)(?1)(?2)(?1)')", "sequenceMatch('(?1).(?2)')",
  "sequenceMatch('(?1).*(?2)(?1).(?1)')", "sequenceMatch('(?1)(?t<=1)(?2)')",
  "sequenceMatch('(?1)(?t>10)(?2)')", "sequenceMatch('(?1)(?t==3)(?2)')",
  "sequenceMatch('(?1)(?t>=5)(?2)(?t<8)(?1)')", "sequenceCount('(?1)(?2)')",
  "sequenceCount('(?1).*(?2)')", "sequenceCount('(?1)(?t<5)(?2)')", "sequenceCount('(?1)(?t>=20)(?2)')",
  "sequenceCount('(?1).(?2)')", "sequenceCount('.*')", "sequenceCount('(?2)..')"],
  ['t, c1, c2', 'dt, c3, c1', 't, c2, ni > 0']);
all(['sumIf', 'avgIf', 'uniqExactIf', 'groupArrayIf', 'anyIf', 'maxIf', 'quantileIf',
  'sumOrNullIf', 'avgOrDefaultIf', 'sumIfOrNull'], ['u8, c1', 'ni, c2', 'ni, ni > 20', 'u8, n < 2']);
all(['countIf'], ['c1', 'ni > 0', 'n > 1000']);
all(['sumOrNull', 'countOrNull', 'avgOrDefault', 'uniqExactOrNull', 'minOrNull', 'sumDistinct',
  'groupArrayDistinct', 'countDistinct'], ['ni', 'u8']);
all(['sumArray', 'groupArrayArray', 'countArray', 'maxArray', 'uniqExactArray'], ['a']);

for (const call of calls) {
  // Dates and times as numbers; the type beside the answers, and the answer of no rows last.
  const number = /^[a-zA-Z_]+(\([^()]*\))?\((d|dt)\)$/.test(call) && !/count|uniq/i.test(call);
  const list = /s(Exact[A-Za-z]*)?\(|^groupArray|^array_agg/.test(call);
  const shown = !number ? call
    : list ? `arrayMap(x -> toUnixTimestamp(toDateTime(x)), ${call})`
      : `toUnixTimestamp(toDateTime(${call}))`;
  const by = query(`SELECT ${shown} FROM (${rows}) GROUP BY g ORDER BY g`, 'TabSeparated');
  const none = query(`SELECT ${shown} FROM (${rows}) WHERE n > 1000`, 'TabSeparated');
  const type = query(`SELECT toTypeName(${call}) FROM (${rows})`, 'TabSeparated');
  const answers = `${by}${none}`.slice(0, -1).split('\n');
  process.stdout.write([call, type.trim(), ...answers].join('\t') + '\n');
}
