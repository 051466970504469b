import { days } from '../moments.mjs';
const sql = `select count(*) from (select customer from {events}
  where event = 'Order Completed' and time > ${days(30)} group by customer having count(*) >= 3)`;
export default { asks: 'At least 3 purchases in 30 days', duckdb: [sql], clickhouse: [sql] };
