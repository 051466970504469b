"""The clients of the crash test: each sends its own kind of load and keeps a model of what the server must hold."""

import collections
import http.client

from grapevine_server import Refused

BROKEN = (OSError, http.client.HTTPException)  # The server died in the middle.


def check(condition, message):
    if not condition:
        raise AssertionError(message)


class Client:
    """Sends one thing after the other for as long as the server lives, and again what was not acknowledged."""

    def __init__(self, acknowledged):
        self.acknowledged = acknowledged  # Shared: released once for each acknowledgement.
        self.interrupted = 0

    def run(self, server):
        try:
            while True:
                self.send_one(server)
                self.acknowledged.release()
        except BROKEN:
            self.interrupted += 1


class Collector(Client):
    """Batches of calls with messageIds of their own."""

    CALLS = 20

    def __init__(self, number, acknowledged):
        super().__init__(acknowledged)
        self.number = number
        self.event = f"Client {number}"
        self.sent = 0   # Batches that were acknowledged.
        self.tried = 0  # Sent at least once: one more at most.

    def customer(self, n):
        # Some customers get many more events than others, so that their counts tell them apart.
        return f"{self.number}:{n % 7}" if n % 3 else f"{self.number}:{n % 50}"

    def send_one(self, server):
        calls = range(self.sent * self.CALLS, (self.sent + 1) * self.CALLS)
        self.tried = self.sent + 1
        answer = server.ask("POST", "/v1/batch", {"writeKey": "crash", "batch": [
            {"type": "track", "userId": self.customer(n), "event": self.event,
             "messageId": f"{self.number}-{n}", "properties": {"n": n}} for n in calls]})
        check(answer == {"success": True}, f"not all were taken: {answer}")
        self.sent += 1

    def check_count(self, count, sent):
        check(count % self.CALLS == 0, f"{self.event}: half a batch is stored: {count}")
        check(sent * self.CALLS <= count <= self.tried * self.CALLS,
              f"{self.event}: {count} stored, {sent} batches acknowledged, {self.tried} sent")

    def check(self, server, counts):
        self.check_count(counts.get(self.event, 0), self.sent)

    def check_at_the_end(self, server, counts):
        check(counts.get(self.event, 0) == self.sent * self.CALLS, f"{self.event}: {counts}")
        events = collections.Counter(self.customer(n) for n in range(self.sent * self.CALLS))
        for count, customers in collections.Counter(events.values()).items():
            found = preview(server, {"event": self.event, "count": {"eq": count}})
            check(found == customers,
                  f"{found} customers have {count} of {self.event}, not {customers}")


class Importer(Client):
    """Imports the same rows under one id until that is answered, then the next ones.

    They have no messageIds: only the import's own offset keeps them from being stored twice.
    """

    ROWS = 30_000

    def __init__(self, acknowledged):
        super().__init__(acknowledged)
        self.done = 0

    @staticmethod
    def event(index):
        return f"Import {index}"

    def send_one(self, server):
        rows = "".join(
            f'{{"type":"track","userId":"i{n % 1000}","event":"{self.event(self.done)}",'
            f'"timestamp":"2024-01-01T00:00:00Z"}}\n' for n in range(self.ROWS))
        answer = server.ask("POST", f"/v1/import?table=events&import_id=crash-{self.done}", rows,
                            {"Content-Type": "application/x-ndjson"})
        check(answer["rejected"] == 0 and answer["resume_at"] == len(rows),
              f"the import was not taken whole: {answer}")
        self.done += 1

    def check(self, server, counts):
        for index in range(self.done):
            check(counts.get(self.event(index)) == self.ROWS, f"import {index}: {counts}")
        check(counts.get(self.event(self.done), 0) <= self.ROWS, f"an import grew: {counts}")

    check_at_the_end = check


class Editor(Client):
    """Sets a trait of one customer, and stores a segment, again and again."""

    def __init__(self, acknowledged):
        super().__init__(acknowledged)
        self.set = 0

    def send_one(self, server):
        number = self.set + 1
        server.ask("POST", "/v1/identify", {"userId": "edited", "traits": {"edition": number}})
        server.ask("PUT", f"/v1/segments/edition_{number % 5}",
                   {"definition": {"attribute": "edition", "gte": number}})
        self.set = number

    def check(self, server, counts):
        if self.set == 0:
            return
        # What was set last holds, or what was sent after it and not acknowledged.
        found = preview(server, {"attribute": "edition", "between": [self.set, self.set + 1]})
        check(found == 1, f"edition {self.set} is lost")
        segments = server.ask("GET", "/v1/segments")["segments"]
        check(len(segments) >= min(self.set, 5), f"segments are lost: {segments}")

    def check_at_the_end(self, server, counts):
        found = preview(server, {"attribute": "edition", "eq": self.set})
        check(found == 1, f"edition {self.set} is lost")


class Eraser(Client):
    """Makes a customer with one event, erases them, and so on. At most one of them is there at any time."""

    EVENT = "Came And Went"

    def __init__(self, acknowledged):
        super().__init__(acknowledged)
        self.made = 0
        self.erased = 0
        self.tried = 0  # To be erased: one more than was acknowledged at most.

    def send_one(self, server):
        name = f"fleeting-{self.erased}"
        if self.made == self.erased:
            server.ask("POST", "/v1/track", {"userId": name, "event": self.EVENT,
                                             "messageId": name})
            self.made += 1
        again = self.tried > self.erased
        self.tried = self.erased + 1
        try:
            server.ask("DELETE", f"/v1/customers/{name}")
        except Refused as problem:
            # Unless it took place the first time, without being acknowledged.
            check(again and problem.status == 404, f"{name} cannot be erased: {problem}")
        self.erased += 1

    def check(self, server, counts):
        found = preview(server, {"event": self.EVENT})
        check(found <= 1, f"{found} customers are there, {self.erased} were erased")

    def check_at_the_end(self, server, counts):
        found = preview(server, {"event": self.EVENT})
        check(found == self.made - self.erased,
              f"{found} customers are there of {self.made}, {self.erased} were erased")


class Watcher(Client):
    """Counts while the others send: what was acknowledged before it asks is in the answer."""

    def __init__(self, collectors):
        super().__init__(None)
        self.collectors = collectors
        self.counted = 0

    def run(self, server):
        try:
            while True:
                sent = [collector.sent for collector in self.collectors]
                counts = event_counts(server)
                for collector, before in zip(self.collectors, sent):
                    collector.check_count(counts.get(collector.event, 0), before)
                self.counted += 1
        except BROKEN:
            self.interrupted += 1


def preview(server, definition):
    """How many customers match."""
    try:
        return server.ask("POST", "/v1/segments/preview", {"definition": definition})["size"]
    except Refused as problem:
        # Nothing of that name came yet.
        check(problem.status == 422, f"{definition}: {problem}")
        return 0


def event_counts(server):
    return {row["event"]: row["count"] for row in server.ask("GET", "/v1/schema")["events"]}
