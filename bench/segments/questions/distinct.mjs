import { ago, days } from '../moments.mjs';
const sql = (distinct) => `select count(*) from (select customer from {events}
  where event = 'Product Viewed' and time > ${days(90)} group by customer having ${distinct} >= 5)`;
export default { asks: 'Looked at 5 or more different products in 90 days',
  duckdb: [sql('count(distinct product)'), `select count(*) from (select customer from (
    select distinct customer, product from {events} where event = 'Product Viewed' and time > ${days(90)}
      and product is not null) as pairs group by customer having count(*) >= 5)`],
  clickhouse: [sql('uniqExact(product)')],
  sql: `SELECT count() FROM (SELECT customer_id FROM events WHERE event = 'Product Viewed'
    AND ts > ${ago(90)} GROUP BY customer_id HAVING uniqExact(product_id) >= 5)` };
