// Queries by chance. `make conformance` asks many more.

import { RandomQuery } from "../random_query.mjs";

const generator = new RandomQuery(1);
export default Array.from({ length: 600 }, () => ({ sql: generator.next(), unordered: true }));
