import { ago, days } from '../moments.mjs';
const members = `select customer from {events} where event = 'Product Viewed' and time > ${days(30)}
  and customer not in (select customer from {events} where event = 'Order Completed' and time > ${days(30)})`;
const sql = `select customer_id, seen from (select customer, max(time) as seen from {events}
    where customer in (${members}) group by customer) as last
  join customers on last.customer = customers.customer order by seen desc, customer_id limit 10000`;
const all = `select customer_id, seen from (select customer, max(time) as seen from {events}
    group by customer) as last join customers on last.customer = customers.customer
  where last.customer in (${members}) order by seen desc, customer_id limit 10000`;
export default { asks: 'Target list: 10,000 who looked but did not buy, the last seen first', ordered: true,
                 duckdb: [sql, all], clickhouse: [sql, all],
  sql: `SELECT customer_id, toUnixTimestamp64Milli(max(ts)) AS seen FROM events
    WHERE customer_id IN (SELECT customer_id FROM events WHERE event = 'Product Viewed' AND ts > ${ago(30)})
      AND customer_id NOT IN (SELECT customer_id FROM events WHERE event = 'Order Completed' AND ts > ${ago(30)})
    GROUP BY customer_id ORDER BY seen DESC, customer_id LIMIT 10000` };
