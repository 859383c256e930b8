"""A launcher of two small servers: `launcher.py DATA_DIR PYTHON PORT_A PORT_B SECONDS MISSES BUSY`."""

import os
import signal
import sys
from pathlib import Path

from cli.liveness import Patience
from cli.program import Program, StackError
from cli.supervisor import Supervisor

SERVER = Path(__file__).parent / "server.py"


def main() -> int:
    data_dir, python = Path(sys.argv[1]), sys.argv[2]
    patience = Patience(every=0.1, answer_within=float(sys.argv[5]), misses=int(sys.argv[6]), busy=float(sys.argv[7]))

    def program(name: str, port: int) -> Program:
        url = f"http://127.0.0.1:{port}/"
        return Program(name, (python, str(SERVER), str(port), str(data_dir / name)), "127.0.0.1", port, url, url, patience)

    environment = {**os.environ, "REDRESS_DATA_DIR": str(data_dir)}
    programs = [program("a", int(sys.argv[3])), program("b", int(sys.argv[4]))]
    supervisor = Supervisor(programs, data_dir, environment, say=lambda line: print(line, flush=True))
    signal.signal(signal.SIGINT, lambda *_: supervisor.interrupt())
    try:
        with supervisor:
            print("ready", flush=True)
            supervisor.watch()
    except KeyboardInterrupt:
        print("stopped", flush=True)
        return 0
    except StackError as error:
        print(f"error: {error}", flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
