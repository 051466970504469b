// A thousand calls of every kind, and what must be stored of them.

export const CUSTOMERS = 100;
const CALLS = 1000;

// Every tenth of the calls, in turn: half of them are track.
const KINDS = ["track", "page", "track", "identify", "track", "screen", "track", "group", "track", "alias"];

export function mixedCalls() {
  return Array.from({ length: CALLS }, (_, n) => {
    const userId = `u${Math.floor(n / KINDS.length)}`;
    return { kind: KINDS[n % KINDS.length], message: message(KINDS[n % KINDS.length], userId, n) };
  });
}

function message(kind, userId, n) {
  switch (kind) {
    case "track":
      return {
        userId,
        event: n % 4 === 0 ? "Order Completed" : "Product Viewed",
        properties: { revenue: n, product_id: `p${n % 7}`, note: `nº ${n} "quoted"`, nested: { deep: n } },
        context: { campaign: { source: "mail" } },
      };
    case "page":
      return { anonymousId: `visitor-${n}`, name: "Home", properties: { url: `https://example.com/${n}` } };
    case "screen":
      return { userId, name: "Main", properties: { n } };
    case "identify":
      return { userId, traits: { age: 20 + (n % 50), email: `${userId}@example.com`, plan: "pro" } };
    case "group":
      return { userId, groupId: `account-${n % 3}`, traits: { name: "ACME" } };
    case "alias":
      return { userId, previousId: `before-${userId}` };
  }
  throw new Error(`no such kind: ${kind}`);
}

// Of 500 track calls at n = 0, 2, 4, 6, 8 of each ten, those divisible by 4 are half.
export const STORED = {
  "Order Completed": 250,
  "Product Viewed": 250,
  "Page Viewed": 100,
  "Screen Viewed": 100,
};
