import { HOURS } from '../moments.mjs';
const exact = `select hour, count(distinct customer) from {events} group by hour`;
const pairs = `select hour, count(*) from (select distinct hour, customer from {events}) group by hour`;
const keys = `select (k // 2097152)::int as h, count(*) from (select distinct hour::ubigint * 2097152 + customer as k
  from {events}) group by h`;
const clickhouse = exact.replace('count(distinct customer)', 'uniqExact(customer)');
const bitmap = exact.replace('count(distinct customer)', 'groupBitmap(customer)');
const chKeys = `select intDiv(k, 2097152) as h, count() from (select distinct toUInt64(hour) * 2097152 + customer as k
  from {events}) group by h`;
export default { asks: 'Active customers by hour, 180 days',
                 duckdb: [exact, pairs, keys], clickhouse: [clickhouse, bitmap, pairs, chKeys],
  sql: `SELECT ${HOURS('h')}, people FROM (
    SELECT toStartOfHour(ts) AS h, uniqExact(customer_id) AS people FROM events GROUP BY h)` };
