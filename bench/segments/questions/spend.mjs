import { days } from '../moments.mjs';
const sql = `select count(*) from (select customer from {events}
  where event = 'Order Completed' and time > ${days(90)} group by customer having sum(value) >= 300000)`;
export default { asks: 'Spent at least 300,000 in 90 days', duckdb: [sql], clickhouse: [sql] };
