const RAD = Math.PI / 180;
const distance = `2 * 6371.0088 * asin(sqrt(pow(sin((latitude - 37.57) * ${RAD / 2}), 2)
  + ${Math.cos(37.57 * RAD)} * cos(latitude * ${RAD}) * pow(sin((longitude - 126.98) * ${RAD / 2}), 2)))`;
const plain = `select count(*) from customers where ${distance} <= 10`;
// Most are decided by a box around the circle.
const boxed = `${plain} and latitude between 37.47 and 37.67 and longitude between 126.85 and 127.11`;
export default { asks: 'Customers within 10 km of a place', duckdb: [plain, boxed], clickhouse: [plain, boxed], sql: boxed };
