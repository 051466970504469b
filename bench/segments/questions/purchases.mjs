import { ago, days } from '../moments.mjs';
const sql = `select count(*) from (select customer from {events}
  where event = 'Order Completed' and time > ${days(30)} group by customer having count(*) >= 3)`;
export default { asks: 'At least 3 purchases in 30 days', duckdb: [sql], clickhouse: [sql],
  sql: `SELECT count() FROM (SELECT customer_id FROM events
    WHERE event = 'Order Completed' AND ts > ${ago(30)} GROUP BY customer_id HAVING count() >= 3)` };
