import { HOURS } from '../moments.mjs';
const inside = `customer in (select customer from customers where age between 20 and 39 and gender = 'female')`;
const exact = `select hour, count(distinct customer) from {events} where ${inside} group by hour`;
const pairs = `select hour, count(*) from (select distinct hour, customer from {events} where ${inside}) group by hour`;
export default { asks: 'The same, of women of 20 to 39', duckdb: [exact, pairs],
  clickhouse: [exact.replace('count(distinct customer)', 'uniqExact(customer)'),
               exact.replace('count(distinct customer)', 'groupBitmap(customer)'), pairs],
  sql: `SELECT ${HOURS('h')}, people FROM (
    SELECT toStartOfHour(ts) AS h, uniqExact(customer_id) AS people FROM events WHERE customer_id IN (
      SELECT customer_id FROM customers WHERE age BETWEEN 20 AND 39 AND gender = 'female') GROUP BY h)` };
