import { days } from '../moments.mjs';
const TRAITS = ['band', 'gender', 'marital_status', 'job', 'hobby', 'tier', 'region', 'leaning', 'language'];
const MEMBERS = `select distinct customer from {events}
  where event = 'Order Completed' and time > ${days(90)} and value >= 300000`;
const weights = (trait) => `w_${trait} as (select v, round(1e6 * (ln((m + 1) / (sum(m) over () + count(*) over ()))
    - ln((o + 1) / (sum(o) over () + count(*) over ()))))::bigint as w from (
    select ${trait} as v, count(*) filter (member) as m, count(*) filter (not member) as o
    from people where ${trait} is not null group by ${trait}))`;
const duckdb = `with members as (${MEMBERS}), people as (select c.customer, ${TRAITS.slice(1).join(', ')},
    (age // 10)::utinyint as band, members.customer is not null as member
    from customers c left join members on c.customer = members.customer),
  ${TRAITS.map(weights).join(',\n  ')}
  select customer, (${TRAITS.map((t) => `coalesce(w_${t}.w, 0)`).join(' + ')})::bigint as score from people
  ${TRAITS.map((t) => `left join w_${t} on people.${t} = w_${t}.v`).join('\n  ')}
  where not member order by score desc, customer limit 1000`;
const kept = duckdb.replace('people as (', 'people as materialized (');
const table = (trait) => `(select (groupArray(v), groupArray(w)) from (select assumeNotNull(v) as v,
    toInt64(round(1e6 * (log((m + 1) / (sum(m) over () + count() over ()))
      - log((o + 1) / (sum(o) over () + count() over ()))))) as w from (
    select ${trait === 'band' ? 'toInt16(intDiv(age, 10))' : `toInt16(${trait})`} as v,
      countIf(customer in members) as m, countIf(customer not in members) as o
    from customers where v is not null group by v)))`;
const valueOf = (trait) => trait === 'band' ? 'toInt16(intDiv(age, 10))' : `toInt16(${trait})`;
const clickhouse = `with members as (${MEMBERS}), ${TRAITS.map((t) => `${table(t)} as t_${t}`).join(', ')}
  select customer, ${TRAITS.map((t) =>
    `if(isNull(${valueOf(t)}), toInt64(0), transform(assumeNotNull(${valueOf(t)}), t_${t}.1, t_${t}.2, toInt64(0)))`)
    .join(' + ')} as score
  from customers where customer not in members order by score desc, customer limit 1000`;
export default { asks: '1,000 lookalikes of big spenders: naive Bayes over 9 traits', ordered: true,
                 duckdb: [duckdb, kept], clickhouse: [clickhouse] };
