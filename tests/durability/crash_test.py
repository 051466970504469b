"""Kills the server twenty times in the middle of collecting and of an import; nothing is lost or doubled.

crash_test.py GRAPEVINE

Three clients send batches whose calls have unique messageIds, and send again what was not
acknowledged; a fourth imports rows without ids, which only the import's own offset can keep from
being stored twice. When the server dies is drawn from a fixed seed: after so many acknowledgements,
while the other clients and the import are at it.
"""

import collections
import http.client
import os
import random
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "serving"))
from grapevine_server import Refused, Server  # noqa: E402

BINARY = sys.argv[1]
CRASHES = 20
CLIENTS = 3
CALLS_IN_BATCH = 20
IMPORT_ROWS = 100_000
BROKEN = (OSError, http.client.HTTPException)


class Client:
    """Sends one batch after the other for as long as the server lives."""

    def __init__(self, number, acknowledged):
        self.event = f"Client {number}"
        self.number = number
        self.acknowledged = acknowledged  # Shared: released once for each acknowledged batch.
        self.batches_sent = 0     # Acknowledged.
        self.batches_tried = 0    # Sent at least once: one more at most.

    def batch(self, index):
        calls = range(index * CALLS_IN_BATCH, (index + 1) * CALLS_IN_BATCH)
        return {"writeKey": "crash", "batch": [
            {"type": "track", "userId": self.customer(n), "event": self.event,
             "messageId": f"{self.number}-{n}", "properties": {"n": n}} for n in calls]}

    def customer(self, n):
        # Some customers get many more events than others, so that their counts tell them apart.
        return f"{self.number}:{n % 7}" if n % 3 else f"{self.number}:{n % 50}"

    def send_one(self, server):
        self.batches_tried = self.batches_sent + 1
        answer = server.ask("POST", "/v1/batch", self.batch(self.batches_sent))
        if answer != {"success": True}:
            raise AssertionError(f"not all were taken: {answer}")
        self.batches_sent += 1

    def run(self, server):
        try:
            while True:
                self.send_one(server)
                self.acknowledged.release()
        except BROKEN:
            return

    def expected_counts(self):
        return collections.Counter(self.customer(n)
                                   for n in range(self.batches_sent * CALLS_IN_BATCH))


class Importer:
    """Imports the same file under one id until that is answered, then the next one."""

    def __init__(self):
        self.done = 0
        self.interrupted = 0

    def event(self, index):
        return f"Import {index}"

    def send_one(self, server):
        rows = "".join(
            f'{{"type":"track","userId":"i{n % 1000}","event":"{self.event(self.done)}",'
            f'"timestamp":"2024-01-01T00:00:00Z"}}\n' for n in range(IMPORT_ROWS))
        answer = server.ask("POST", f"/v1/import?table=events&import_id=crash-{self.done}", rows,
                            {"Content-Type": "application/x-ndjson"})
        if answer["rejected"] != 0 or answer["resume_at"] != len(rows):
            raise AssertionError(f"the import was not taken whole: {answer}")
        self.done += 1

    def run(self, server):
        try:
            while True:
                self.send_one(server)
        except BROKEN:
            self.interrupted += 1


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def event_counts(server):
    return {row["event"]: row["count"] for row in server.ask("GET", "/v1/schema")["events"]}


def check_after_crash(server, clients, importer):
    counts = event_counts(server)
    for client in clients:
        stored = counts.get(client.event, 0)
        check(client.batches_sent * CALLS_IN_BATCH <= stored <= client.batches_tried * CALLS_IN_BATCH,
              f"{client.event}: {stored} stored, {client.batches_sent} batches acknowledged, "
              f"{client.batches_tried} sent")
        check(stored % CALLS_IN_BATCH == 0, f"{client.event}: half a batch is stored: {stored}")
    for index in range(importer.done):
        check(counts[importer.event(index)] == IMPORT_ROWS, f"import {index}: {counts}")
    check(counts.get(importer.event(importer.done), 0) <= IMPORT_ROWS, "an import grew")


def check_at_the_end(server, clients, importer):
    counts = event_counts(server)
    for client in clients:
        check(counts[client.event] == client.batches_sent * CALLS_IN_BATCH,
              f"{client.event}: {counts[client.event]} stored, "
              f"{client.batches_sent * CALLS_IN_BATCH} acknowledged")
        by_count = collections.Counter(client.expected_counts().values())
        for count, customers in by_count.items():
            preview = server.ask("POST", "/v1/segments/preview", {
                "definition": {"event": client.event, "count": {"eq": count}}})
            check(preview["size"] == customers,
                  f"{preview['size']} customers have {count} of {client.event}, not {customers}")
    for index in range(importer.done):
        check(counts[importer.event(index)] == IMPORT_ROWS, f"import {index}: {counts}")


def main():
    draw = random.Random(20261122)
    acknowledged = threading.Semaphore(0)
    clients = [Client(number, acknowledged) for number in range(CLIENTS)]
    importer = Importer()
    failures = []

    def guarded(work, server):
        try:
            work(server)
        except Exception as error:  # A thread's failure is the test's.
            failures.append(repr(error))
            acknowledged.release(1000)

    with tempfile.TemporaryDirectory() as folder:
        data, log = os.path.join(folder, "data"), os.path.join(folder, "log")
        for crash in range(CRASHES):
            with Server(BINARY, "--data", data, log=log) as server:
                check_after_crash(server, clients, importer)
                threads = [threading.Thread(target=guarded, args=(worker.run, server))
                           for worker in [*clients, importer]]
                for thread in threads:
                    thread.start()
                for _ in range(draw.randrange(1, 120)):
                    acknowledged.acquire()
                server.kill()
                for thread in threads:
                    thread.join()
                while acknowledged.acquire(blocking=False):
                    pass
            check(not failures, failures)
        with Server(BINARY, "--data", data, log=log) as server:
            check_after_crash(server, clients, importer)
            for worker in [*clients, importer]:
                worker.send_one(server)
            check_at_the_end(server, clients, importer)
            server.stop()
    batches = sum(client.batches_sent for client in clients)
    check(importer.interrupted > CRASHES // 2, "the import was hardly ever interrupted")
    print(f"{CRASHES} crashes: {batches * CALLS_IN_BATCH} calls and {importer.done} imports of "
          f"{IMPORT_ROWS} rows, interrupted {importer.interrupted} times, are there once")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"refused: {refused}")
