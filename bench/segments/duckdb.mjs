// DuckDB, in memory: typed columns, enums for names, floats for scores, the hour, day and week of each
// row written out, and every order of rows that may suit a question.
import { DuckDBInstance } from '@duckdb/node-api';

const ORDERS = {
  events: 'event, customer, n',
  by_time: 'event, time',
  by_customer: 'customer, n',
};
export const TABLES = Object.keys(ORDERS);

// The rows as they were exported, once for both peers, as Parquet.
export async function makeParquet(folder) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('set threads = 2');
  await connection.run(`copy (
    select event, customer, time, row_number() over (order by time, sequence) as n,
      channel, product_id as product, category, brand, value, sentiment
    from read_csv('${folder}/events.csv', header = true, columns = {event: 'VARCHAR',
      customer: 'UINTEGER', time: 'BIGINT', sequence: 'UBIGINT', channel: 'VARCHAR',
      product_id: 'VARCHAR', category: 'VARCHAR', brand: 'VARCHAR', value: 'DOUBLE',
      sentiment: 'FLOAT'})
    order by event, customer, n) to '${folder}/events.parquet' (format parquet)`);
  await connection.run(`copy (select * from read_csv('${folder}/customers.csv', header = true,
    columns = {customer: 'UINTEGER', customer_id: 'VARCHAR', age: 'BIGINT', gender: 'VARCHAR',
      marital_status: 'VARCHAR', job: 'VARCHAR', hobby: 'VARCHAR', tier: 'VARCHAR',
      region: 'VARCHAR', leaning: 'VARCHAR', language: 'VARCHAR', latitude: 'DOUBLE',
      longitude: 'DOUBLE'}) order by customer) to '${folder}/customers.parquet' (format parquet)`);
  connection.closeSync();
}

async function makeEnums(connection, source, columns) {
  for (const name of columns) {
    await connection.run(`create type ${name}_name as enum (
      select distinct ${name} from ${source} where ${name} is not null order by 1)`);
  }
}

export async function openDuckdb(folder, { threads, origin, monday }) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`set threads = ${threads}`);
  await connection.run('set preserve_insertion_order = true');
  const events = `read_parquet('${folder}/events.parquet')`;
  const customers = `read_parquet('${folder}/customers.parquet')`;
  await makeEnums(connection, events, ['event', 'channel', 'product', 'category', 'brand']);
  const traits = ['gender', 'marital_status', 'job', 'hobby', 'tier', 'region', 'leaning', 'language'];
  await makeEnums(connection, customers, traits);
  for (const [table, order] of Object.entries(ORDERS)) {
    await connection.run(`create table ${table} as select event::event_name as event, customer,
        time, n::uinteger as n, channel::channel_name as channel, product::product_name as product,
        category::category_name as category, brand::brand_name as brand, value::float as value,
        sentiment, ((time - ${origin}) // 3600000)::usmallint as hour,
        ((time - ${origin}) // 86400000)::utinyint as day,
        ((time - ${monday}) // 604800000)::utinyint as week
      from ${events} order by ${order}`);
  }
  await connection.run(`create table customers as select customer, customer_id,
      age::utinyint as age, ${traits.map((t) => `${t}::${t}_name as ${t}`).join(', ')},
      latitude, longitude from ${customers} order by customer`);
  return {
    name: 'DuckDB',
    version: (await connection.runAndReadAll('select version()')).getRows()[0][0],
    async time(sql) {
      const begin = performance.now();
      await connection.run(sql);
      return performance.now() - begin;
    },
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowsJS().map((row) => row.map(plain));
    },
  };
}

const plain = (value) => typeof value === 'bigint' ? Number(value) : value;
