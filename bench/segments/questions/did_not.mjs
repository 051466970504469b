import { ago, days } from '../moments.mjs';
const flags = (max) => `select count(*) from (select customer from {events}
  where event in ('Product Added', 'Order Completed') and time > ${days(30)}
  group by customer having ${max}(event = 'Order Completed') = 0)`;
const anti = `select count(distinct customer) from {events}
  where event = 'Product Added' and time > ${days(30)} and customer not in (
    select customer from {events} where event = 'Order Completed' and time > ${days(30)})`;
export default { asks: 'Put something in the cart, but bought nothing, in 30 days',
  duckdb: [flags('max').replace("max(event = 'Order Completed')",
                                "max((event = 'Order Completed')::utinyint)"), anti],
  clickhouse: [flags('max'), anti],
  sql: `SELECT count() FROM (SELECT customer_id FROM events WHERE event IN ('Product Added', 'Order Completed')
    AND ts > ${ago(30)} GROUP BY customer_id HAVING countIf(event = 'Order Completed') = 0)` };
