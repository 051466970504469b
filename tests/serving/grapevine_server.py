"""One `grapevine serve` of a test's own, on a free port of loopback. Python's standard library only."""

import http.client
import json
import os
import signal
import subprocess


class Refused(Exception):
    """The server answered with a problem."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


def kill_while_starting(binary, *arguments, log, seconds):
    """Starts a server and kills it after so long, whether it listens by then or not."""
    with open(log, "ab") as errors:
        process = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", *arguments],
                                   stdout=subprocess.DEVNULL, stderr=errors)
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    else:
        raise RuntimeError(f"the server ended with {code}; see {log}")


class Server:
    """Runs from construction to stop() or kill(). Errors go to the file `log`."""

    def __init__(self, binary, *arguments, log, prepare=None):
        self.log = log
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(
                [binary, "serve", "--listen", "127.0.0.1:0", *arguments],
                stdout=subprocess.PIPE, stderr=errors, text=True, preexec_fn=prepare)
        self.url = None
        for line in self.process.stdout:
            if line.startswith("listening on http://"):
                self.url = line.removeprefix("listening on ").strip()
                break
        if self.url is None:
            raise RuntimeError(f"the server ended without listening; see {log}:\n" + self.tail())
        self.host = self.url.removeprefix("http://")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()

    def tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as text:
            return "".join(text.readlines()[-20:])

    def ask(self, method, path, body=None, headers=None, timeout=300):
        """The answer's JSON. Raises Refused for a problem, OSError or HTTPException for no answer."""
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            content = json.dumps(body) if isinstance(body, (dict, list)) else body
            connection.request(method, path, content,
                               {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(answer.status, text.decode(errors="replace"))
        return json.loads(text) if text else None

    def resident_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    def kill(self):
        """As a crash would end it: nothing is finished, nothing is flushed."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM; it must end well."""
        self.process.terminate()
        code = self.process.wait(timeout=120)
        if code != 0:
            raise RuntimeError(f"the server ended with {code}:\n" + self.tail())
