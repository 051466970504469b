// What tools that are no npm packages send: their requests as they came over the wire, with the
// names of our own tables in them. How each was recorded stands before it.

const kBasic = "Basic ZGVmYXVsdDo="; // default, without a password

const get = (pairs) => "/?" + new URLSearchParams(pairs).toString();

// clickhouse-connect 1.7.2 (Python): first what it asks once, then queries of a client.
const kConnect = {
  "Authorization": kBasic,
  "User-Agent": "clickhouse-connect/1.7.2 (lv:py/3.11.2; mode:sync; os:linux; os_user:root)",
};
const connectOptions = {
  date_time_input_format: "best_effort",
  cast_string_to_dynamic_use_inference: 1,
  session_id: "c00f3cbb-b0c3-4015-bcf8-5e424a609a6f",
  cancel_http_readonly_queries_on_client_close: 1,
  wait_end_of_query: 1,
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: 120000,
};
const kCompressing = { "Accept-Encoding": "lz4,gzip,deflate", "Content-Type": "text/plain; charset=utf-8" };
const kPlain = { "Accept-Encoding": "identity" };

function connect(body, { options = {}, headers = kCompressing, base = connectOptions } = {}) {
  const parameters = { ...base, ...options, query_id: crypto.randomUUID() };
  return { method: "POST", target: get(parameters), headers: { ...headers, ...kConnect }, body };
}
const first = { headers: kPlain, base: {} };

export const clickhouseConnect = {
  hello: connect("SELECT version(), timezone()", first),
  settings: connect(
    "SELECT name, value, readonly FROM system.settings LIMIT 10000\n FORMAT Native",
    { ...first, base: { wait_end_of_query: 1 } },
  ),
  probe: connect("SELECT 1 AS check\n FORMAT Native", {
    ...first,
    base: { wait_end_of_query: 1, client_protocol_version: 54405 },
  }),
  numbers: connect(
    "SELECT number, toString(number) s, now() t FROM system.numbers LIMIT 3\n FORMAT Native",
    { options: { client_protocol_version: 54405 } },
  ),
  parameters: connect("SELECT {a:Int32} a, {s:String} s\n FORMAT Native", {
    options: { param_a: 1, param_s: "it\\'s" },
  }),
  quotes: connect("SELECT 1 a, 'it\\'s' s\n FORMAT Native"),
  create: connect(
    "CREATE TABLE IF NOT EXISTS t_py (id UInt64, name String, ts DateTime) ENGINE = Memory",
    { headers: kPlain },
  ),
  describe: connect("DESCRIBE TABLE `events`\n FORMAT Native"),
  // The body was an INSERT FORMAT Native; here it is one of JSONEachRow.
  insertLz4: connect(
    Buffer.from(
      "BCJNGGRAp6IAAADyB0lOU0VSVCBJTlRPIGBldmVudHNgICgKAPAAYCwgYGN1c3RvbWVyX2lkDwAgdHMGAPEOdmFsdWVg" +
        "KSBGT1JNQVQgSlNPTkVhY2hSb3cKeyJFAMciOiJCeSBMWjQiLCJDAPEMIjoiejEiLCJ0cyI6IjIwMjYtMDMtMDEgMDA6" +
        "AwAxIiwiXABPIjoyfUsAEB8ySwAHAGYAoHZhbHVlIjozfQoAAAAA+jkVlw==",
      "base64",
    ),
    {
      headers: {
        "Accept-Encoding": "identity",
        "Transfer-Encoding": "chunked",
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "lz4",
      },
    },
  ),
  insertCsv: connect(
    "INSERT INTO events (event, customer_id, ts) FORMAT CSV\nBy CSV,z3,2026-03-01 00:00:00\n",
    { headers: { ...kPlain, "Content-Type": "application/octet-stream" } },
  ),
  count: connect("SELECT count() FROM events WHERE event = 'By LZ4'\n FORMAT Native"),
  jsonCompact: connect("SELECT 1 AS x\n FORMAT JSONCompact", { headers: kPlain }),
  stream: connect("SELECT number FROM system.numbers LIMIT 1000\n FORMAT Native", {
    base: { ...connectOptions, wait_end_of_query: 0 },
    options: { enable_http_compression: 1 },
  }),
  unknownTable: connect("SELECT * FROM nope_tbl\n FORMAT Native"),
};

// Its dialect of SQLAlchemy, as Superset uses it.
const dialect = (body) => connect(body, { options: { database: "default" } });
export const sqlalchemy = {
  database: dialect("SELECT currentDatabase()\n FORMAT Native"),
  databases: dialect("SHOW DATABASES\n FORMAT Native"),
  tables: dialect("SHOW TABLES FROM `default`\n FORMAT Native"),
  table: dialect(
    "SELECT engine, engine_full, comment FROM system.tables WHERE database = 'default' AND name = 'events'\n FORMAT Native",
  ),
  describe: dialect("DESCRIBE TABLE `default`.`events`\n FORMAT Native"),
  chart: dialect(
    "SELECT toStartOfDay(toDateTime(ts)) AS `__timestamp`, `default`.`events`.`channel` AS `channel`, count(*) AS `count`, sum(`default`.`events`.`value`) AS `SUM(value)` \n" +
      "FROM `default`.`events` \n" +
      "WHERE `default`.`events`.`ts` >= toDateTime('2026-01-01 00:00:00') AND `default`.`events`.`channel` IN ('twitter', 'web') GROUP BY `__timestamp`, `default`.`events`.`channel` ORDER BY `count` DESC\n" +
      " LIMIT 5\n FORMAT Native",
  ),
};

// DbGate's plugin 7.2.2 and Evidence's connector, both over @clickhouse/client 1.23.
const kNode = {
  "Connection": "keep-alive",
  "User-Agent": "clickhouse-js/1.23.1 (lv:nodejs/v20.20.2; os:linux)",
  "Authorization": kBasic,
  "Transfer-Encoding": "chunked",
};
const node = (body) => ({
  method: "POST",
  target: get({ query_id: crypto.randomUUID() }),
  headers: kNode,
  body,
});
export const dbgate = {
  version: node("SELECT version() as version \nFORMAT JSONEachRow"),
  databases: node(`SELECT name
              FROM system.databases
              WHERE name NOT IN ('system', 'information_schema', 'information_schema_ro', 'INFORMATION_SCHEMA') 
FORMAT JSONEachRow`),
  query: node("SELECT channel, count() c FROM events GROUP BY channel \nFORMAT JSONCompactEachRowWithNamesAndTypes"),
  tables: node(`select name as "pureName", metadata_modification_time as "contentHash", total_rows as "tableRowCount", uuid as "objectId", comment as "objectComment",
engine as "tableEngine", primary_key as "primaryKeyColumns", sorting_key as "sortingKeyColumns" 
from system.tables 
where database='default' and uuid  is not null and engine != 'View' 
FORMAT JSONCompactEachRowWithNamesAndTypes`),
  columns: node(`select 
    columns.table as "pureName",
    tables.uuid as "objectId",
    columns.name as "columnName",
    columns.type as "dataType",
    columns.comment as "columnComment",
    columns.default_expression as "defaultValue"
from system.columns 
inner join system.tables on columns.table = tables.name and columns.database = tables.database
where columns.database='default' and tables.uuid  is not null
order by toInt32(columns.position) 
FORMAT JSONCompactEachRowWithNamesAndTypes`),
  views: node(`select 
    tables.name as "pureName",
    tables.uuid as "objectId",
    views.view_definition as "viewDefinition",
    tables.metadata_modification_time as "contentHash"
from information_schema.views 
inner join system.tables on views.table_name = tables.name and views.table_schema = tables.database
where views.table_schema='default' and tables.uuid  is not null 
FORMAT JSONCompactEachRowWithNamesAndTypes`),
};
export const evidence = {
  channels: node("SELECT channel, count() AS c FROM events GROUP BY channel \nFORMAT JSONEachRow"),
};

// Written after clickhouse-java's client (Metabase, DBeaver), which asks for its own compression but
// looks at Content-Encoding first.
const java = (body) => ({
  method: "POST",
  target: "/?compress=1",
  headers: {
    "X-ClickHouse-Format": "RowBinaryWithNamesAndTypes",
    "X-ClickHouse-Query-Id": crypto.randomUUID(),
    "X-ClickHouse-Database": "default",
    "Authorization": kBasic,
    "Content-Type": "text/plain; charset=UTF-8",
    "User-Agent": "metabase jdbc-v2/0.9.2 client-v2/0.9.2 (Linux; jvm:21.0.6) Apache-HttpClient/5.4.4",
  },
  body,
});
export const metabase = {
  hello: java("SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1"),
  databases: java("SELECT name AS TABLE_SCHEM, '' AS TABLE_CATALOG FROM system.databases WHERE name LIKE '%' ORDER BY name"),
  tables: java(
    "SELECT t.database AS TABLE_SCHEM, t.name AS TABLE_NAME, t.engine, t.comment AS REMARKS, d.engine AS db_engine " +
      "FROM system.tables t JOIN system.databases d ON t.database = d.name " +
      "WHERE t.database LIKE 'default' AND t.name LIKE '%' ORDER BY t.database, t.name",
  ),
  columns: java(
    "SELECT database, table, name, type, position, default_expression, comment FROM system.columns " +
      "WHERE database LIKE 'default' AND table LIKE 'events' ORDER BY table, position",
  ),
  chart: java(
    "SELECT toStartOfMonth(toDateTime(`default`.`events`.`ts`)) AS `ts`, COUNT(*) AS `count`, AVG(`default`.`events`.`value`) AS `avg` " +
      "FROM `default`.`events` GROUP BY toStartOfMonth(toDateTime(`default`.`events`.`ts`)) " +
      "ORDER BY toStartOfMonth(toDateTime(`default`.`events`.`ts`)) ASC",
  ),
  unknownTable: java("SELECT * FROM nope"),
};

// Written after clickhouse-go's client over HTTP (Grafana), which speaks a version of the protocol.
export const kGoVersion = 54483;
const go = (body) => ({
  method: "POST",
  target: get({
    client_protocol_version: kGoVersion,
    database: "default",
    default_format: "Native",
    enable_http_compression: 1,
  }),
  headers: {
    "Accept-Encoding": "gzip",
    "Authorization": kBasic,
    "User-Agent": "grafana/11.2.0 clickhouse-go/2.30.0 (lv:go/1.22.5; os:linux)",
  },
  body,
});
export const grafana = {
  hello: go("SELECT displayName(), version(), revision(), timezone()"),
  ping: go("SELECT 1"),
  tables: go('SHOW TABLES FROM "default"'),
  describe: go('DESC TABLE "default"."events"'),
  series: go(
    'SELECT toStartOfInterval("ts", INTERVAL 1 day) as "time", channel, count(*) as "count" FROM "default"."events" ' +
      "WHERE ( ts >= fromUnixTimestamp64Milli(1767225600000) AND ts <= fromUnixTimestamp64Milli(1767657600000) ) " +
      "GROUP BY channel, time ORDER BY time ASC, channel ASC LIMIT 1000",
  ),
};
