const sql = `select count(*) from customers where age between 28 and 35
  and hobby in ('camping', 'golf') and gender = 'female' and tier in ('gold', 'vip')`;
export default { asks: 'Women of 28 to 35, campers or golfers, gold or VIP',
                 duckdb: [sql], clickhouse: [sql],
  sql };
