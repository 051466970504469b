import { HOURS, MENTIONS } from '../moments.mjs';
const sql = (bound, usual) => `select product, channel, hour, c, ${usual} as usual,
    2 * (sqrt(c + 0.375) - sqrt(${usual} + 0.375)) as score from (
    select product, channel, hour, c, sum(c) over (partition by product, channel
      order by hour range between 672 preceding and 1 preceding) as before from (
      select product, channel, hour::int as hour, count(*) as c from {events}
      where event in ${MENTIONS} and sentiment < ${bound} and product is not null
        and channel is not null group by product, channel, hour) as hours) as judged
  where hour >= 672 order by score desc, product, channel, hour limit 20`;
const grapevine = `SELECT product_id, channel, hour, c, ifNull(before, 0) / 672 AS usual,
    2 * (sqrt(c + 0.375) - sqrt(ifNull(before, 0) / 672 + 0.375)) AS score FROM (
    SELECT product_id, channel, hour, c, sum(c) OVER (PARTITION BY product_id, channel
      ORDER BY hour RANGE BETWEEN 672 PRECEDING AND 1 PRECEDING) AS before FROM (
      SELECT product_id, channel, ${HOURS('toStartOfHour(ts)')} AS hour, count() AS c FROM events
      WHERE event IN ${MENTIONS} AND sentiment < toFloat32(-0.05) AND product_id IS NOT NULL AND channel IS NOT NULL
      GROUP BY product_id, channel, hour))
  WHERE hour >= 672 ORDER BY score DESC, product_id, channel, hour LIMIT 20`;
export default { asks: 'Complaint bursts: product × channel × hour against the 28 days before', ordered: true,
  tolerance: 1e-9,
  duckdb: [sql('-0.05::float', 'coalesce(before, 0) / 672')],
  clickhouse: [sql('toFloat32(-0.05)', 'ifNull(before, 0) / 672').replace('hour::int as hour', 'hour')],
  sql: grapevine };
