"""Kills the server two hundred times in the middle of a mixed load; nothing is lost or doubled.

crash_test.py GRAPEVINE

Clients collect, import, set traits, store segments, erase people and count, all at once. When the
server dies is drawn from a fixed seed: after so many acknowledgements, or while it starts. Every
start must succeed, and what it serves must be what the clients' models say. GRAPEVINE_TORTURE=100
kills it a hundred times as often.
"""

import os
import random
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "serving"))
from crash_load import Collector, Editor, Eraser, Importer, Watcher, check, event_counts  # noqa: E402
from grapevine_server import Refused, Server, kill_while_starting  # noqa: E402

BINARY = sys.argv[1]
KILLS = 200 * max(1, int(os.environ.get("GRAPEVINE_TORTURE", "1")))
KILLS_OF_A_FOLDER = 25  # Then a new one is begun, so that a start stays quick.


class Crashes:
    """One data folder, its clients, and what befalls them."""

    def __init__(self, folder, draw):
        self.data = os.path.join(folder, "data")
        self.log = os.path.join(folder, "log")
        self.draw = draw
        self.acknowledged = threading.Semaphore(0)
        self.collectors = [Collector(number, self.acknowledged) for number in range(3)]
        self.importer = Importer(self.acknowledged)
        self.watcher = Watcher(self.collectors)
        self.editor = Editor(self.acknowledged)
        self.eraser = Eraser(self.acknowledged)
        self.storing = [*self.collectors, self.importer, self.editor, self.eraser]
        self.failures = []

    def start(self):
        return Server(BINARY, "--data", self.data, log=self.log)

    def check(self, server):
        counts = event_counts(server)
        for client in self.storing:
            client.check(server, counts)

    def run(self, client, server):
        try:
            client.run(server)
        except Exception as error:  # A thread's failure is the test's.
            self.failures.append(repr(error))
            self.acknowledged.release(1000)

    def crash(self):
        if self.draw.random() < 0.1:
            return kill_while_starting(BINARY, "--data", self.data, log=self.log,
                                       seconds=self.draw.random() * 0.1)
        with self.start() as server:
            self.check(server)
            threads = [threading.Thread(target=self.run, args=(client, server))
                       for client in [*self.storing, self.watcher]]
            for thread in threads:
                thread.start()
            for _ in range(self.draw.randrange(1, 60)):
                self.acknowledged.acquire()
            server.kill()
            for thread in threads:
                thread.join()
            while self.acknowledged.acquire(blocking=False):
                pass
        check(not self.failures, self.failures)

    def finish(self):
        with self.start() as server:
            self.check(server)
            for client in self.storing:
                client.send_one(server)
            counts = event_counts(server)
            for client in self.storing:
                client.check_at_the_end(server, counts)
            server.stop()


def main():
    draw = random.Random(20261122)
    calls = imports = erased = counted = interrupted = 0
    for begin in range(0, KILLS, KILLS_OF_A_FOLDER):
        with tempfile.TemporaryDirectory() as folder:
            crashes = Crashes(folder, draw)
            for _ in range(min(KILLS_OF_A_FOLDER, KILLS - begin)):
                crashes.crash()
            crashes.finish()
            calls += sum(client.sent for client in crashes.collectors) * Collector.CALLS
            imports += crashes.importer.done
            interrupted += crashes.importer.interrupted
            erased += crashes.eraser.erased
            counted += crashes.watcher.counted
    check(interrupted > KILLS // 4, f"imports were interrupted only {interrupted} times")
    check(counted > KILLS and erased > KILLS // 2, f"{counted} counts, {erased} erased")
    print(f"{KILLS} kills: {calls} calls and {imports} imports of {Importer.ROWS} rows, interrupted "
          f"{interrupted} times, are there once; {erased} people were erased; {counted} live counts")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"refused: {refused}")
