import { FROM, MENTIONS } from '../moments.mjs';
const sql = (countIf, minus) => `select day, brand, count(*) as mentions,
    ${countIf(`sentiment > ${minus[0]}`)}, ${countIf(`sentiment < ${minus[1]}`)},
    count(*) / sum(count(*)) over (partition by day) from {events}
  where event in ${MENTIONS} and brand is not null group by day, brand`;
export default { asks: 'Share of voice: brands by day', tolerance: 1e-12,
  duckdb: [sql((c) => `count(*) filter (${c})`, ['0.05::float', '-0.05::float'])],
  clickhouse: [sql((c) => `countIf(${c})`, ['toFloat32(0.05)', 'toFloat32(-0.05)'])],
  sql: `SELECT toDate(ts) - toDate(fromUnixTimestamp64Milli(${FROM})) AS day, brand, count(), countIf(sentiment > toFloat32(0.05)),
    countIf(sentiment < toFloat32(-0.05)), count() / sum(count()) OVER (PARTITION BY day)
    FROM events WHERE event IN ${MENTIONS} AND brand IS NOT NULL GROUP BY day, brand` };
