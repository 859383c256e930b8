"""A small server for tests of the launcher: `server.py PORT FOLDER`.

While FOLDER holds the file `busy` it works and answers nobody. `crash` makes it end at its start with code 3, `slow` makes it listen two
seconds late, and `child` makes it start a process that takes no notice of SIGTERM.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    folder: pathlib.Path

    def service_actions(self) -> None:
        while (self.folder / "busy").exists():
            pass


if __name__ == "__main__":
    # Like the real servers: with a handler, a halted process does not hear it.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    if (folder / "crash").exists():
        sys.exit(3)
    if (folder / "child").exists():
        deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
        child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
    if (folder / "slow").exists():
        time.sleep(2)
    server = Server(("127.0.0.1", port), Handler)
    server.folder = folder
    server.serve_forever(poll_interval=0.05)
