// The moments that the questions are asked about, in milliseconds since 1970.
export const DAY = 86_400_000;
export const NOW = Date.parse('2026-11-22T00:00:00Z');
export const FROM = NOW - 180 * DAY;  // When the world begins.
export const days = (count) => NOW - count * DAY;

// Events with text, or of people about each other's.
export const MENTIONS = `('Post Created', 'Post Shared', 'Post Replied', 'Customer Mentioned',
  'Product Reviewed', 'Ticket Opened')`;

// The same moments in Grapevine's SQL.
export const MONDAY = FROM - DAY;  // The first week's.
export const ago = (count) => `fromUnixTimestamp64Milli(toInt64(${days(count)}))`;
export const HOURS = (moment) => `dateDiff('hour', fromUnixTimestamp64Milli(toInt64(${FROM})), ${moment})`;
