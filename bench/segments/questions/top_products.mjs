import { MENTIONS } from '../moments.mjs';
const sql = (countIf) => `select product, count(*) as mentions,
    ${countIf('sentiment > 0.05::float')} as positive, ${countIf('sentiment < -0.05::float')} as negative,
    avg(sentiment::double) from {events}
  where event in ${MENTIONS} and product is not null group by product
  order by mentions desc, product limit 20`;
export default { asks: 'The 20 products mentioned most, and the mood', ordered: true, tolerance: 1e-8,
  duckdb: [sql((c) => `count(*) filter (${c})`)],
  clickhouse: [sql((c) => `countIf(${c})`).replaceAll('0.05::float', 'toFloat32(0.05)')
    .replace('-toFloat32', 'toFloat32(-1) * toFloat32').replace('sentiment::double', 'toFloat64(sentiment)')],
  sql: `SELECT product_id, count() AS mentions, countIf(sentiment > toFloat32(0.05)), countIf(sentiment < toFloat32(-0.05)), avg(sentiment)
    FROM events WHERE event IN ${MENTIONS} AND product_id IS NOT NULL GROUP BY product_id
    ORDER BY mentions DESC, product_id LIMIT 20` };
