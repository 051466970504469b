import { days } from '../moments.mjs';
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
export default { asks: 'All regions of 5 segments',
  duckdb: [sql((c) => `max((${c})::utinyint)::int`, (c) => `count(*) filter (${c})`)],
  clickhouse: [sql((c) => `toInt32(max(ifNull(${c}, 0)))`, (c) => `countIf(${c})`)] };
