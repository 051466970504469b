// Twenty questions as dashboards ask them: `sql` of Grapevine, `duckdb` and `clickhouse` of the peers, who
// have the hour, day and week of each row as columns of their own.
import { ago, days, FROM, HOURS, MENTIONS } from '../segments/moments.mjs';

const START = `fromUnixTimestamp64Milli(toInt64(${FROM}))`;
const DAYS = `toDate(ts) - toDate(${START})`;
const WEEKS = `intDiv(toDate(toMonday(ts)) - toDate(toMonday(${START})), 7)`;
const ORDER = `event = 'Order Completed'`;
const WOMEN = `age between 20 and 39 and gender = 'female'`;
const plain = (sql) => ({ duckdb: [sql], clickhouse: [sql] });
const distinct = (sql) => ({ duckdb: [sql.replaceAll('uniqExact(customer)', 'count(distinct customer)')],
                             clickhouse: [sql, sql.replaceAll('uniqExact', 'groupBitmap')] });

export const DASHBOARDS = {
  events_by_name: { asks: 'Events by name', sql: `SELECT event, count() FROM events GROUP BY event`,
    ...plain(`select event, count(*) from {events} group by event`) },
  events_by_day: { asks: 'Events by day, 30 days',
    sql: `SELECT ${DAYS} AS day, count() FROM events WHERE ts > ${ago(30)} GROUP BY day ORDER BY day`,
    ...plain(`select day, count(*) from {events} where time > ${days(30)} group by day order by day`) },
  day_channel: { asks: 'Events and their value by day and channel',
    sql: `SELECT ${DAYS} AS day, channel, count(), ifNull(sum(value), 0) FROM events WHERE channel IS NOT NULL GROUP BY day, channel`,
    ...plain(`select day, channel, count(*), coalesce(sum(value), 0) from {events} where channel is not null
      group by day, channel`) },
  last_week_by_hour: { asks: 'Orders by hour, 7 days', sql: `SELECT ${HOURS('toStartOfHour(ts)')} AS hour, count(), sum(value)
      FROM events WHERE ${ORDER} AND ts >= ${ago(7)} GROUP BY hour`,
    ...plain(`select hour, count(*), sum(value) from {events} where ${ORDER} and time >= ${days(7)} group by hour`) },
  hour_of_week: { asks: 'Orders by day of the week and hour of the day',
    sql: `SELECT toDayOfWeek(ts) AS day, toHour(ts) AS hour, count() FROM events WHERE ${ORDER} GROUP BY day, hour`,
    duckdb: [`select isodow(epoch_ms(time)) as d, hour(epoch_ms(time)) as h, count(*) from {events} where ${ORDER}
        group by d, h`,
      `select 1 + (day + ${new Date(FROM).getUTCDay() + 6}) % 7 as d, hour % 24 as h, count(*) from {events} where ${ORDER}
        group by d, h`],
    clickhouse: [`select 1 + (day + ${new Date(FROM).getUTCDay() + 6}) % 7 as d, hour % 24 as h, count(*) from {events}
        where ${ORDER} group by d, h`] },
  actives_by_week: { asks: 'Active customers by week',
    sql: `SELECT ${WEEKS} AS week, uniqExact(customer_id) FROM events GROUP BY week ORDER BY week`,
    ...distinct(`select week, uniqExact(customer) from {events} group by week order by week`) },
  actives_by_channel: { asks: 'Active customers by channel, 90 days',
    sql: `SELECT channel, uniqExact(customer_id) FROM events WHERE ts > ${ago(90)} AND channel IS NOT NULL GROUP BY channel`,
    ...distinct(`select channel, uniqExact(customer) from {events} where time > ${days(90)} and channel is not null
      group by channel`) },
  viewers_and_buyers: { asks: 'Viewers and buyers by day',
    sql: `SELECT ${DAYS} AS day, uniqExactIf(customer_id, event = 'Product Viewed'), uniqExactIf(customer_id, ${ORDER})
      FROM events WHERE event IN ('Product Viewed', 'Order Completed') GROUP BY day`,
    duckdb: [`select day, count(distinct customer) filter (event = 'Product Viewed'),
        count(distinct customer) filter (${ORDER}) from {events}
        where event in ('Product Viewed', 'Order Completed') group by day`],
    clickhouse: [`select day, uniqExactIf(customer, event = 'Product Viewed'), uniqExactIf(customer, ${ORDER})
        from {events} where event in ('Product Viewed', 'Order Completed') group by day`] },
  top_products: { asks: 'The 20 products viewed most',
    sql: `SELECT product_id, count() AS views FROM events WHERE event = 'Product Viewed' AND product_id IS NOT NULL
      GROUP BY product_id ORDER BY views DESC, product_id LIMIT 20`, ordered: true,
    duckdb: [`select product, count(*) as views from {events} where event = 'Product Viewed' and product is not null
        group by product order by views desc, product::varchar limit 20`],
    clickhouse: [`select product, count(*) as views from {events} where event = 'Product Viewed' and product is not null
        group by product order by views desc, toString(product) limit 20`] },
  top_customers: { asks: 'The 20 customers who spent most', ordered: true,
    sql: `SELECT customer_id, sum(value) AS spent FROM events WHERE ${ORDER} GROUP BY customer_id
      ORDER BY spent DESC, customer_id LIMIT 20`,
    ...plain(`select customer_id, spent from (select customer, sum(value) as spent from {events} where ${ORDER}
      group by customer order by spent desc limit 1000) as sums join customers on sums.customer = customers.customer
      order by spent desc, customer_id limit 20`) },
  large_app_orders: { asks: 'Value of the app\'s orders above 100,000',
    sql: `SELECT sum(value), count() FROM events WHERE ${ORDER} AND channel = 'app' AND value > 100000`,
    ...plain(`select sum(value), count(*) from {events} where ${ORDER} and channel = 'app' and value > 100000`) },
  order_percentiles: { asks: 'Percentiles of an order\'s value by channel',
    sql: `SELECT channel, quantilesExactLow(0.5, 0.9, 0.99)(value) AS q, max(value) FROM events
      WHERE ${ORDER} AND channel IS NOT NULL GROUP BY channel`,
    duckdb: [`select channel, quantile_disc(value, [0.5, 0.9, 0.99]), max(value) from {events}
        where ${ORDER} and channel is not null group by channel`],
    clickhouse: [`select channel, quantilesExactLow(0.5, 0.9, 0.99)(value), max(value) from {events}
        where ${ORDER} and channel is not null group by channel`] },
  revenue_by_region: { asks: 'Orders and revenue by the customer\'s region (join)',
    sql: `SELECT c.region, count(), sum(e.value) FROM events e JOIN customers c ON e.customer_id = c.customer_id
      WHERE e.event = 'Order Completed' AND c.region IS NOT NULL GROUP BY c.region`,
    ...plain(`select c.region, count(*), sum(e.value) from {events} e join customers c on e.customer = c.customer
      where e.event = 'Order Completed' and c.region is not null group by c.region`) },
  order_value_by_tier: { asks: 'The mean order by tier and age band (join)',
    sql: `SELECT c.tier, intDiv(c.age, 10) AS band, avg(e.value), count() FROM events e
      JOIN customers c ON e.customer_id = c.customer_id
      WHERE e.event = 'Order Completed' AND c.tier IS NOT NULL AND c.age IS NOT NULL GROUP BY c.tier, band`,
    duckdb: [`select c.tier, (c.age // 10)::int as band, avg(e.value), count(*) from {events} e
      join customers c on e.customer = c.customer
      where e.event = 'Order Completed' and c.tier is not null and c.age is not null group by c.tier, band`],
    clickhouse: [`select c.tier, intDiv(c.age, 10) as band, avg(toFloat64(e.value)), count(*) from {events} e
      join customers c on e.customer = c.customer
      where e.event = 'Order Completed' and c.tier is not null and c.age is not null group by c.tier, band`] },
  women_by_week: { asks: 'Orders by week of women of 20 to 39',
    sql: `SELECT ${WEEKS} AS week, count(), sum(value) FROM events WHERE ${ORDER} AND customer_id IN (
      SELECT customer_id FROM customers WHERE ${WOMEN}) GROUP BY week`,
    ...plain(`select week, count(*), sum(value) from {events} where ${ORDER} and customer in (
      select customer from customers where ${WOMEN}) group by week`) },
  customers_by_age: { asks: 'Customers by age band, gender and tier',
    sql: `SELECT intDiv(age, 10) AS band, gender, tier, count() FROM customers
      WHERE age IS NOT NULL AND gender IS NOT NULL AND tier IS NOT NULL GROUP BY band, gender, tier`,
    duckdb: [`select (age // 10)::int as band, gender, tier, count(*) from customers
        where age is not null and gender is not null and tier is not null group by band, gender, tier`],
    clickhouse: [`select intDiv(age, 10) as band, gender, tier, count(*) from customers
        where age is not null and gender is not null and tier is not null group by band, gender, tier`] },
  mood_by_brand: { asks: 'Mood by brand and week',
    sql: `SELECT brand, ${WEEKS} AS week, count(), avg(sentiment) FROM events
      WHERE event IN ${MENTIONS} AND brand IS NOT NULL AND sentiment IS NOT NULL GROUP BY brand, week`,
    duckdb: [`select brand, week, count(*), avg(sentiment::double) from {events}
        where event in ${MENTIONS} and brand is not null and sentiment is not null group by brand, week`],
    clickhouse: [`select brand, week, count(*), avg(toFloat64(sentiment)) from {events}
        where event in ${MENTIONS} and brand is not null and sentiment is not null group by brand, week`],
    tolerance: 1e-6 },
  moving_average: { asks: 'Revenue by day, with its mean of 7 days', ordered: true,
    sql: `SELECT day, revenue, avg(revenue) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM (
      SELECT ${DAYS} AS day, sum(value) AS revenue FROM events WHERE ${ORDER} GROUP BY day) ORDER BY day`,
    ...plain(`select day, revenue, avg(revenue) over (order by day rows between 6 preceding and current row) from (
      select day, sum(value) as revenue from {events} where ${ORDER} group by day) as days order by day`) },
  categories: { asks: 'Categories by how many looked at two or more of it, 60 days',
    sql: `SELECT category, count() FROM (SELECT category, customer_id FROM events WHERE event = 'Product Viewed'
      AND ts > ${ago(60)} AND category IS NOT NULL GROUP BY category, customer_id HAVING count() >= 2) GROUP BY category`,
    ...plain(`select category, count(*) from (select category, customer from {events} where event = 'Product Viewed'
      and time > ${days(60)} and category is not null group by category, customer having count(*) >= 2) as pairs
      group by category`) },
  latest_complaints: { asks: 'The latest 100 complaints from web or app', ordered: true,
    sql: `SELECT toUnixTimestamp64Milli(ts), channel, product_id, sentiment FROM events
      WHERE event IN ${MENTIONS} AND sentiment < -0.5 AND product_id IS NOT NULL AND channel IN ('web', 'app')
      ORDER BY ts DESC, product_id, sentiment LIMIT 100`,
    duckdb: [`select time, channel, product, sentiment from {events} where event in ${MENTIONS}
      and sentiment < -0.5::float and product is not null and channel in ('web', 'app')
      order by time desc, product::varchar, sentiment limit 100`],
    clickhouse: [`select time, channel, product, sentiment from {events} where event in ${MENTIONS}
      and sentiment < toFloat32(-0.5) and product is not null and channel in ('web', 'app')
      order by time desc, toString(product), sentiment limit 100`], tolerance: 1e-6 },
};
