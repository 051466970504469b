import { days } from '../moments.mjs';
const members = `select customer from {events} where event = 'Product Viewed' and time > ${days(30)}
  and customer not in (select customer from {events} where event = 'Order Completed' and time > ${days(30)})`;
const sql = `select customer_id, seen from (select customer, max(time) as seen from {events}
    where customer in (${members}) group by customer) as last
  join customers on last.customer = customers.customer order by seen desc, customer_id limit 10000`;
const all = `select customer_id, seen from (select customer, max(time) as seen from {events}
    group by customer) as last join customers on last.customer = customers.customer
  where last.customer in (${members}) order by seen desc, customer_id limit 10000`;
export default { asks: 'Target list: 10,000 who looked but did not buy, the last seen first', ordered: true,
                 duckdb: [sql, all], clickhouse: [sql, all] };
