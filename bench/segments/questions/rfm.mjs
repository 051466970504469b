const buyers = (table) => `select customer, max(time) as last, count(*) as orders, sum(value) as money
  from ${table} where event = 'Order Completed' group by customer`;
const group = (divide, key) => `1 + ${divide(`5 * (rank() over (order by ${key}) - 1)`)}`;
const ranks = (divide) => `with buyers as (${buyers('{events}')})
  select r, f, m, count(*) from (select ${group(divide, 'last')} as r, ${group(divide, 'orders')} as f,
    ${group(divide, 'money')} as m from buyers) as ranked group by r, f, m`;
// The same by four order statistics each: which one, by whole numbers.
const places = '[1, 2, 3, 4]';
const bounds = `with buyers as materialized (${buyers('{events}')}),
  ordered as (select list_sort(list(last)) as l, list_sort(list(orders)) as o,
    list_sort(list(money)) as m, count(*) as n from buyers),
  bounds as (select list_transform(${places}, lambda g: l[(g * n + 4) // 5]) as l,
    list_transform(${places}, lambda g: o[(g * n + 4) // 5]) as o,
    list_transform(${places}, lambda g: m[(g * n + 4) // 5]) as m from ordered)
  select 1 + (last > l[1])::int + (last > l[2])::int + (last > l[3])::int + (last > l[4])::int as r,
    1 + (orders > o[1])::int + (orders > o[2])::int + (orders > o[3])::int + (orders > o[4])::int as f,
    1 + (money > m[1])::int + (money > m[2])::int + (money > m[3])::int + (money > m[4])::int as mm,
    count(*) from buyers, bounds group by 1, 2, 3`;
const above = (value, sorted) => `1 + ${[1, 2, 3, 4].map((g) =>
  `(${value} > ${sorted}[intDiv(${g} * n + 4, 5)])`).join(' + ')}`;
const arrays = `with (select (arraySort(groupArray(last)), arraySort(groupArray(orders)),
    arraySort(groupArray(money)), count()) from (${buyers('{events}')})) as sorted, sorted.4 as n
  select ${above('last', 'sorted.1')} as r, ${above('orders', 'sorted.2')} as f,
    ${above('money', 'sorted.3')} as m, count(*) from (${buyers('{events}')}) group by r, f, m`;
const grapevine = `WITH buyers AS (SELECT customer_id, max(ts) AS last, count() AS orders, sum(value) AS money
    FROM events WHERE event = 'Order Completed' GROUP BY customer_id)
  SELECT r, f, m, count() FROM (SELECT ${group((x) => `intDiv(${x}, count() OVER ())`, 'last')} AS r,
    ${group((x) => `intDiv(${x}, count() OVER ())`, 'orders')} AS f,
    ${group((x) => `intDiv(${x}, count() OVER ())`, 'money')} AS m FROM buyers) GROUP BY r, f, m`;
export default { asks: 'RFM quintiles of all buyers',
  duckdb: [ranks((x) => `(${x}) // (select count(*) from buyers)`), bounds],
  clickhouse: [ranks((x) => `intDiv(${x}, (select count(*) from buyers))`), arrays],
  sql: grapevine };
