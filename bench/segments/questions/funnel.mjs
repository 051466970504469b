import { DAY } from '../moments.mjs';
const STEPS = ['Product Viewed', 'Product Added', 'Order Completed'];
const of = (i) => `(select customer, time from {events} where event = '${STEPS[i]}')`;
// The latest view before each cart, and the latest such cart before each purchase: the latest ones leave
// the most time.
const asof = `with carts as (select a.customer, a.time, v.time as viewed
    from ${of(1)} a asof join ${of(0)} v on a.customer = v.customer and a.time > v.time
    where a.time - v.time <= ${7 * DAY}),
  bought as (select p.customer from ${of(2)} p asof join carts c
    on p.customer = c.customer and p.time > c.time where p.time - c.viewed <= ${7 * DAY}),
  levels as (select customer, 1 as level from ${of(0)} union all select customer, 2 from carts
    union all select customer, 3 from bought)
  select level, count(*) from (select customer, max(level) as level from levels group by customer) as l
  group by level`;
const windowFunnel = `select level, count() from (select
    windowFunnel(${7 * DAY}, 'strict_increase')(time, ${STEPS.map((step) => `event = '${step}'`).join(', ')}) as level
  from {events} where event in (${STEPS.map((step) => `'${step}'`).join(', ')}) group by customer)
  where level > 0 group by level`;
const grapevine = windowFunnel.replace('(time,', '(toUInt64(toUnixTimestamp64Milli(ts)),')
  .replace('group by customer', 'group by customer_id').replace('{events}', 'events');
export default { asks: 'Funnel: view, cart, purchase within 7 days', duckdb: [asof], clickhouse: [windowFunnel],
  sql: grapevine };
