import { ago, days } from '../moments.mjs';
const sql = `select count(*) from (select customer from {events}
  where event = 'Order Completed' and time > ${days(90)} group by customer having sum(value) >= 300000)`;
export default { asks: 'Spent at least 300,000 in 90 days', duckdb: [sql], clickhouse: [sql],
  sql: `SELECT count() FROM (SELECT customer_id FROM events
    WHERE event = 'Order Completed' AND ts > ${ago(90)} GROUP BY customer_id HAVING sum(value) >= 300000)` };
