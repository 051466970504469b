import { DAY } from '../moments.mjs';
const GOAL = `event = 'Order Completed'`;
const OTHER = `event not in ('Order Completed', 'Order Item', 'Order Refunded', 'Refund Item')`;
const buyers = `customer in (select customer from {events} where ${GOAL})`;
const asof = (text, touches) => `select came, count(*) from (
    select case when t.n = 0 or t.n is null or o.time - t.time > ${7 * DAY} then 'none'
      else coalesce(${text('t.channel')}, 'no channel') end as came
    from (select customer, n, time from {events} where ${GOAL}) o asof left join
      (select customer, n, time, channel from {events} where ${touches}) t
      on o.customer = t.customer and o.n > t.n) as touched group by came`;
// The latest touch so far, row by row in the order of each customer.
const duckdbWindow = `select came, count(*) from (select event,
    case when touched is null or time - touched > ${7 * DAY} then 'none'
      else coalesce(channels::varchar, 'no channel') end as came from (
      select event, time,
        last_value(case when ${OTHER} then time end ignore nulls) over before as touched,
        last_value(case when ${OTHER} then channel end ignore nulls) over before as channels
      from {events} where ${buyers}
      window before as (partition by customer order by n rows between unbounded preceding and 1 preceding)
    ) as steps where ${GOAL}) as goals group by came`;
const clickhouseWindow = `select came, count() from (select
    if(touched.1 = 0 or time - touched.1 > ${7 * DAY}, 'none', ifNull(toString(touched.2), 'no channel')) as came
    from (select event, time, argMaxIf((time, channel), n, ${OTHER}) over (partition by customer
        order by n rows between unbounded preceding and 1 preceding) as touched
      from {events} where ${buyers}) where ${GOAL}) group by came`;
export default { asks: 'Last touch before each purchase, by channel, within 7 days',
  duckdb: [asof((c) => `${c}::varchar`, OTHER), asof((c) => `${c}::varchar`, `${OTHER} and ${buyers}`), duckdbWindow],
  clickhouse: [asof((c) => `toString(${c})`, OTHER), asof((c) => `toString(${c})`, `${OTHER} and ${buyers}`),
               clickhouseWindow] };
