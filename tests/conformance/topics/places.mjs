// Distances on the Earth.

export default [
  "SELECT greatCircleDistance(55.755831, 37.617673, -55.755831, -37.617673), geoDistance(38.8976, -77.0366, 39.9496, -75.1503), greatCircleAngle(0, 0, 45, 0), toTypeName(greatCircleDistance(1,2,3,4)), toTypeName(geoDistance(1.,2,3,4)), toTypeName(geoDistance(toFloat32(1),toFloat32(2),toFloat32(3),toFloat32(4)))",
  "SELECT greatCircleDistance(126.978, 37.5665, 129.0756, 35.1796), greatCircleDistance(0,0,0,0), greatCircleDistance(0,0,180,0), geoDistance(0,0,180,0), geoDistance(127.0,37.5,127.01,37.51), greatCircleDistance(400, 100, 1, 1), greatCircleDistance(nan, 1,1,1)",
  "SELECT greatCircleDistance(1, NULL, 2, 3), greatCircleDistance('a', 1, 2, 3)",
  "SELECT greatCircleDistance(toInt64(1), toInt64(2), toUInt64(3), toInt32(40)), toTypeName(greatCircleDistance(toInt64(1), toInt64(2), toUInt64(3), toInt32(40))), greatCircleDistance(1, NULL, 2, 3)",
  "SELECT greatCircleAngle(126.9, 37.5, 129., 35.1), greatCircleAngle(0., 0., 90., 0.), geoDistance(0., 0., 90., 10.), geoDistance(179.5, 10., -179.5, 10.), greatCircleDistance(-170., 10., 170., 80.)",
  "SELECT max(greatCircleDistance(number % 360 - 180., number % 170 - 85., (number * 7) % 360 - 180., (number * 3) % 170 - 85.)), sum(greatCircleAngle(number % 360 - 180., number % 170 - 85., (number * 7) % 360 - 180., (number * 3) % 170 - 85.)), sum(geoDistance(number % 360 - 180., number % 170 - 85., (number * 7) % 360 - 180., (number * 3) % 170 - 85.)) FROM numbers(2000)",
];
