"""A server that nobody asks anything rests: also one with a single thread, that has no worker to wait.

What is measured is the server's own processor time, so that a busy machine makes no difference.

Usage: idle_test.py GRAPEVINE
"""

import os
import sys
import tempfile
import time

from grapevine_server import Server

WINDOW_SECONDS = 2
WINDOWS_MAX = 30  # What was loaded is worked on in the background first.
SHARE_MAX = 0.5   # Of a core. A thread that spins takes all of one, for ever.


def busy_seconds(server):
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def expect_rest(server, situation):
    """Exits where the server does not rest before the windows are over."""
    for _ in range(WINDOWS_MAX):
        before = busy_seconds(server)
        time.sleep(WINDOW_SECONDS)
        share = (busy_seconds(server) - before) / WINDOW_SECONDS
        if share < SHARE_MAX:
            return
    sys.exit(f"{situation}: after {WINDOWS_MAX * WINDOW_SECONDS} s it still takes {share:.0%} of a core")


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        for threads in "1", "2":
            with Server(binary, "--demo", "--threads", threads, log=f"{folder}/log") as server:
                expect_rest(server, f"loaded with --threads {threads}")
                server.ask("GET", "/?query=SELECT+uniq(customer_id)+FROM+events+FORMAT+JSON")
                server.ask("GET", "/v1/listen/voice?by=brand&within=30d")
                expect_rest(server, f"asked with --threads {threads}")
                server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
