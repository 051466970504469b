"""Lets the disk be full in the middle of collecting: what was acknowledged stays, the rest is refused.

full_disk_test.py GRAPEVINE

The server may not let a file grow past a limit (RLIMIT_FSIZE), which fails a write as a full disk
does and needs neither root nor a disk.
"""

import os
import resource
import signal
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "serving"))
from grapevine_server import Refused, Server  # noqa: E402

BINARY = sys.argv[1]
FILE_BYTES_MAX = 2 << 20
CALLS_IN_BATCH = 100


def batch(index):
    return {"writeKey": "full", "batch": [
        {"type": "track", "userId": f"u{n}", "event": "Kept", "messageId": f"m{index}-{n}",
         "properties": {"text": f"{index} {n} " + "x" * 500}} for n in range(CALLS_IN_BATCH)]}


def forbid_large_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # So that the write fails instead.
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, FILE_BYTES_MAX))


def stored(server):
    counts = {row["event"]: row["count"] for row in server.ask("GET", "/v1/schema")["events"]}
    return counts.get("Kept", 0)


def refused(server, method, path, body=None):
    try:
        answer = server.ask(method, path, body)
    except Refused as problem:
        return problem
    raise AssertionError(f"{method} {path} was answered: {answer}")


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def fill(server):
    """How many batches were acknowledged before the first one was refused."""
    for index in range(1000):
        try:
            server.ask("POST", "/v1/batch", batch(index))
        except Refused as problem:
            check(problem.status == 503, f"a full disk is a 503: {problem}")
            check("/problems/unavailable" in problem.body, problem.body)
            return index
    raise AssertionError("the limit was never reached")


def main():
    with tempfile.TemporaryDirectory() as folder:
        data, log = os.path.join(folder, "data"), os.path.join(folder, "log")
        with Server(BINARY, "--data", data, log=log, prepare=forbid_large_files) as server:
            acknowledged = fill(server)
            check(acknowledged > 0, "nothing was ever acknowledged")
            # From then on nothing is acknowledged, however small; the reason is said.
            check(refused(server, "POST", "/v1/track", {"userId": "u", "event": "Small"}).status == 503,
                  "a later call is refused too")
            check(refused(server, "PUT", "/v1/segments/late",
                          {"definition": {"event": "Kept"}}).status == 503, "so is a segment")
            reason = refused(server, "GET", "/readyz")
            check(reason.status == 503, f"not ready: {reason}")
            check("File too large" in reason.body + server.tail(), "the server does not say why")
            # Reads go on, and what they see is what was acknowledged.
            server.ask("GET", "/healthz")
            check(stored(server) == acknowledged * CALLS_IN_BATCH,
                  f"{stored(server)} are seen, {acknowledged * CALLS_IN_BATCH} were acknowledged")
            server.stop()
        with Server(BINARY, "--data", data, log=log) as server:
            # The refused batch may have reached the disk whole; an acknowledged one must have.
            kept = stored(server)
            check(kept in (acknowledged * CALLS_IN_BATCH, (acknowledged + 1) * CALLS_IN_BATCH),
                  f"{kept} after the restart, {acknowledged * CALLS_IN_BATCH} were acknowledged")
            server.ask("POST", "/v1/batch", batch(acknowledged))
            check(stored(server) == (acknowledged + 1) * CALLS_IN_BATCH, "a retry is stored once")
            server.stop()
    print(f"{acknowledged} batches acknowledged, then none; after a restart all are there")


if __name__ == "__main__":
    main()
