// Beginnings of days and hours where clocks are odd.

export default [
  "SELECT toStartOfDay(toDateTime(0, 'America/New_York')), toStartOfDay(toDateTime(3600*6, 'America/New_York')), toUnixTimestamp(toStartOfDay(toDateTime(0, 'America/New_York')))",
  "SELECT toStartOfDay(toDateTime(0, 'Australia/Lord_Howe')), toUnixTimestamp(toStartOfDay(toDateTime(0, 'Australia/Lord_Howe')))",
  "SELECT toStartOfDay(toDateTime(0, 'Asia/Seoul')), toUnixTimestamp(toStartOfDay(toDateTime(0, 'Asia/Seoul'))), toStartOfDay(toDateTime(0, 'Europe/Prague')), toUnixTimestamp(toStartOfDay(toDateTime(0, 'Europe/Prague'))), toUnixTimestamp(toStartOfDay(toDateTime(0, 'Asia/Kolkata')))",
  "SELECT toStartOfHour(toDateTime(0, 'Asia/Kolkata')), toUnixTimestamp(toStartOfHour(toDateTime(0, 'Asia/Kolkata'))), toUnixTimestamp(toStartOfMonth(toDateTime(0, 'America/New_York'))), toStartOfMonth(toDateTime(0, 'America/New_York')), toStartOfYear(toDateTime(0, 'America/New_York')), toMonday(toDateTime(0, 'America/New_York')), toDate(toDateTime(0, 'America/New_York')), toStartOfWeek(toDateTime(0, 'America/New_York')), toLastDayOfMonth(toDateTime(0, 'America/New_York')), toStartOfQuarter(toDateTime(0, 'America/New_York'))",
  "SELECT number AS n, toDateTime(1712415600 + 900 * number, 'Australia/Lord_Howe') AS t, toStartOfHour(t), toUnixTimestamp(toStartOfHour(t)) FROM numbers(18) ORDER BY n",
  "SELECT toUnixTimestamp(toStartOfHour(toDateTime(1728142200 + 900 * number, 'Australia/Lord_Howe'))) - 1728142200 FROM numbers(18)",
  "SELECT toStartOfInterval(toDateTime(1712415600 + 900 * number, 'Australia/Lord_Howe'), INTERVAL 1 HOUR) FROM numbers(18)",
  "SELECT toStartOfDay(toDateTime(4294967295, 'Asia/Seoul')), toDateTime(4294967295, 'Asia/Seoul'), toStartOfDay(toDateTime(4294967295, 'America/New_York'))",
  "SELECT toDate(toDateTime(0, 'America/New_York')), toDate(toDateTime(3600 * 5, 'America/New_York')), toDate(toDateTime(3600 * 5 - 1, 'America/New_York'))",
  "SELECT toStartOfInterval(toDateTime(0, 'America/New_York'), INTERVAL 1 DAY), toStartOfInterval(toDateTime(0, 'Asia/Seoul'), INTERVAL 1 HOUR), dateTrunc('day', toDateTime(0, 'Asia/Seoul')), dateTrunc('hour', toDateTime(0, 'Asia/Kolkata'))",
  "SELECT toStartOfDay(toDateTime(number * 7200, 'America/New_York')) AS d, count() FROM numbers(24) GROUP BY d ORDER BY d",
  "SELECT toStartOfHour(toDateTime(1728142200 + 900 * number, 'Australia/Lord_Howe')) AS h, count() FROM numbers(18) GROUP BY h ORDER BY h",
];
