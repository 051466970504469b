// ClickHouse's engine, in process (chdb): MergeTree sorted as suits a question, enums for names, floats
// for scores, the hour, day and week of each row written out.
import fs from 'node:fs';
import path from 'node:path';
import { Session } from 'chdb';

const ORDERS = {
  events: 'partition by week order by (event, customer, n)',
  by_time: 'order by (event, time)',
  by_customer: 'order by (customer, n)',
};
export const TABLES = Object.keys(ORDERS);

export function openClickhouse(folder, { threads, origin, monday }) {
  const stored = path.join(folder, 'clickhouse');
  const done = path.join(folder, 'clickhouse-ready');
  const isReady = fs.existsSync(done);
  if (!isReady) fs.rmSync(stored, { recursive: true, force: true });
  const session = new Session(stored);
  const query = (sql, format = 'JSONCompactEachRow') => session.query(sql, format);
  const select = (sql) => query(sql).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  query('create database if not exists bench');
  query('use bench');
  query(`set max_threads = ${threads}`);
  query('set output_format_json_quote_64bit_integers = 0');
  query('set output_format_json_quote_denormals = 0');
  if (!isReady) {
    makeTables(query, select, folder, origin, monday);
    fs.writeFileSync(done, '');
  }
  return {
    name: 'ClickHouse',
    version: select('select version()')[0][0],
    async time(sql) {
      const begin = performance.now();
      query(sql, 'Null');
      return performance.now() - begin;
    },
    async rows(sql) { return select(sql); },
    close: () => session.close(),
  };
}

function makeTables(query, select, folder, origin, monday) {
  const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const enumOf = (file, column, nullable) => {
    const names = select(`select distinct ${column} from file('${folder}/${file}.parquet')
      where ${column} is not null order by 1`).map(([name]) => name);
    const type = `Enum16(${names.map((name, i) => `${quoted(name)} = ${i + 1}`).join(', ')})`;
    return nullable ? `Nullable(${type})` : type;
  };
  const event = enumOf('events', 'event', false);
  const types = ['channel', 'product', 'category', 'brand'].map((name) =>
    `${name} ${enumOf('events', name, true)}`).join(', ');
  for (const [table, order] of Object.entries(ORDERS)) {
    query(`create table ${table} (event ${event}, customer UInt32, time UInt64, n UInt32, ${types},
      value Float32, sentiment Nullable(Float32), hour UInt16, day UInt8, week UInt8)
      engine = MergeTree ${order}`);
    query(`insert into ${table} select event, customer, time, n, channel, product, category, brand,
      ifNull(value, 0), sentiment, intDiv(time - ${origin}, 3600000), intDiv(time - ${origin}, 86400000),
      intDiv(time - ${monday}, 604800000) from file('${folder}/events.parquet')`);
    query(`optimize table ${table} final`);
  }
  const traits = ['gender', 'marital_status', 'job', 'hobby', 'tier', 'region', 'leaning', 'language'];
  query(`create table customers (customer UInt32, customer_id String, age Nullable(UInt8),
    ${traits.map((name) => `${name} ${enumOf('customers', name, true)}`).join(', ')},
    latitude Nullable(Float64), longitude Nullable(Float64)) engine = MergeTree order by customer`);
  query(`insert into customers select customer, customer_id, age, ${traits.join(', ')}, latitude,
    longitude from file('${folder}/customers.parquet')`);
  query('optimize table customers final');
}
