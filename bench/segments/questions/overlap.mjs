import { ago, days } from '../moments.mjs';
const flag = (max, condition, bit) => `${bit} * ${max(condition)}`;
const SETS = [
  [1, `event = 'Product Viewed' and time > ${days(30)} and category = 'camping'`],
  [2, `event = 'Order Completed' and time > ${days(90)}`],
  [4, `event in ('Post Created', 'Post Shared', 'Post Replied') and time > ${days(60)}`],
];
const CART = `event = 'Product Added' and time > ${days(14)}`;
const sql = (max, sum) => `select region, count(*) from (
    select coalesce(f.mask, 0) + case when c.age between 28 and 45 then 8 else 0 end as region
    from customers c left join (select customer, ${SETS.map(([bit, condition]) => flag(max, condition, bit)).join(' + ')}
        + case when ${sum(CART)} >= 2 then 16 else 0 end as mask
      from {events} where ${SETS.map(([, condition]) => `(${condition})`).join(' or ')} or (${CART})
      group by customer) f on c.customer = f.customer) as regions where region > 0 group by region`;
const times = (sql) => sql.replace(/time > (\d+)/g, 'ts > fromUnixTimestamp64Milli(toInt64($1))');
const grapevine = `SELECT region, count() FROM (
    SELECT ifNull(f.mask, 0) + if(c.age BETWEEN 28 AND 45, 8, 0) AS region FROM customers c LEFT JOIN (
      SELECT customer_id, ${SETS.map(([bit, condition]) => `${bit} * max(${times(condition)})`).join(' + ')}
        + if(countIf(${times(CART)}) >= 2, 16, 0) AS mask FROM events
      WHERE ${[...SETS.map(([, condition]) => condition), CART].map((c) => `(${times(c)})`).join(' OR ')}
      GROUP BY customer_id) f ON c.customer_id = f.customer_id)
  WHERE region > 0 GROUP BY region`;
export default { asks: 'All regions of 5 segments',
  duckdb: [sql((c) => `max((${c})::utinyint)::int`, (c) => `count(*) filter (${c})`)],
  clickhouse: [sql((c) => `toInt32(max(ifNull(${c}, 0)))`, (c) => `countIf(${c})`)],
  sql: grapevine };
