import { MONDAY } from '../moments.mjs';
const duckdb = `with actives as (select customer, min(week)::int as cohort,
    bit_or(1::uinteger << week) as weeks from {events} group by customer)
  select cohort, later::int, count(*) from actives, range(26) t(later)
  where (weeks >> (cohort + later)) & 1 = 1 group by all`;
// Few bits are alike in many: count the patterns first.
const patterns = `with actives as (select bit_or(1::uinteger << week) as weeks from {events}
    group by customer), patterns as (select weeks, count(*) as people from actives group by weeks),
  firsts as (select *, bit_count((weeks & (~weeks + 1)) - 1)::int as cohort from patterns)
  select cohort, later::int, sum(people) from firsts, range(26) t(later)
  where (weeks >> (cohort + later)) & 1 = 1 group by all`;
const clickhouse = `select cohort, later, sum(people) from (
    select groupBitOr(bitShiftLeft(toUInt32(1), week)) as weeks, min(week) as cohort
    from {events} group by customer) array join arrayMap(w -> w - cohort, bitPositionsToArray(weeks)) as later
  group by cohort, later`.replace('sum(people)', 'count()');
const grouped = `select cohort, later, sum(people) from (
    select weeks, bitPositionsToArray(weeks)[1] as cohort, count() as people from (
      select groupBitOr(bitShiftLeft(toUInt32(1), week)) as weeks from {events} group by customer)
    group by weeks)
  array join arrayMap(w -> w - cohort, bitPositionsToArray(weeks)) as later group by cohort, later`;
const grapevine = `WITH toUInt8(toRelativeWeekNum(ts) - toRelativeWeekNum(fromUnixTimestamp64Milli(toInt64(${MONDAY})))) AS week
  SELECT cohort, later, sum(people) FROM (
    SELECT weeks, bitPositionsToArray(weeks)[1] AS cohort, count() AS people FROM (
      SELECT groupBitOr(bitShiftLeft(toUInt32(1), week)) AS weeks FROM events GROUP BY customer_id)
    GROUP BY weeks)
  ARRAY JOIN arrayMap(w -> w - cohort, bitPositionsToArray(weeks)) AS later GROUP BY cohort, later`;
export default { asks: 'Weekly retention: 26 cohorts', duckdb: [duckdb, patterns.replace(
  '(weeks & (~weeks + 1)) - 1', '(weeks & (4294967296 - weeks)::uinteger) - 1')],
  clickhouse: [clickhouse, grouped],
  sql: grapevine };
