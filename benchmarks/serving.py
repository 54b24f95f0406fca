"""How is a server started for a measure, asked, and weighed: time, processor, memory?"""

from __future__ import annotations

import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ALONE, CROWD, SECONDS = 40, 8, 2.0

Address = Callable[[int], str]


def free_port() -> int:
    """A port that nothing listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from its first answer to ``path`` until the block ends."""
    environment = {**os.environ, "TERRIL_DEBIT": "100000000", "TERRIL_HOTES": "127.0.0.1"}
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                Client(port).get(path)
                break
            except OSError:
                if server.poll() is not None:
                    raise SystemExit(f"{command[0]} s’est arrêté") from None
                time.sleep(0.1)
        yield server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


class Client:
    """One connection, kept open."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.heads = {"Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})}

    def get(self, path: str) -> tuple[int, bytes, str]:
        """Status, bytes as they came, content encoding."""
        self.line.request("GET", path, headers=self.heads)
        answer = self.line.getresponse()
        body = answer.read()
        return answer.status, body, answer.headers.get("Content-Encoding", "")


def alone(
    port: int, address: Address, times: int = ALONE, cookie: str = ""
) -> tuple[float, float, int]:
    """Median and 95th percentile in ms of one client, bytes of the last answer."""
    client, took, size = Client(port, cookie), [], 0
    for n in range(times):
        began = time.perf_counter()
        status, body, _ = client.get(address(n))
        took.append((time.perf_counter() - began) * 1e3)
        size = len(body)
        if status != 200:
            raise SystemExit(f"{address(n)} : {status}")
    took.sort()
    return median(took), took[min(len(took) - 1, int(0.95 * len(took)))], size


def asked(port: int, address: Address) -> tuple[int, float]:
    """How many requests several clients make at once, in how many seconds."""
    done, counter, end = [0] * CROWD, itertools.count(1_000), time.perf_counter() + SECONDS

    def ask(rank: int) -> None:
        client = Client(port)
        while time.perf_counter() < end:
            status, _, _ = client.get(address(next(counter)))
            done[rank] += status == 200

    threads = [threading.Thread(target=ask, args=(rank,)) for rank in range(CROWD)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done), time.perf_counter() - began


def memory(server: subprocess.Popen[bytes]) -> list[float]:
    """MB in memory of each process of a server, the largest first."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getsid(int(status.parent.name)) != server.pid:
                continue
            held = re.search(r"VmRSS:\s+(\d+)", status.read_text())
        except (OSError, ProcessLookupError):
            continue
        if held:
            found.append(int(held[1]) / 1024)
    return sorted(found, reverse=True)


def worked(server: subprocess.Popen[bytes]) -> float:
    """Processor seconds of all the processes of a server, so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if os.getsid(int(stat.parent.name)) == server.pid:
                ticks += sum(int(n) for n in stat.read_text().rpartition(")")[2].split()[11:13])
        except (OSError, ProcessLookupError):
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def crowd(server: subprocess.Popen[bytes], port: int, address: Address) -> tuple[float, float]:
    """Requests a second of several clients at once, processor ms of the server for each."""
    before = worked(server)
    count, seconds = asked(port, address)
    return count / seconds, (worked(server) - before) / max(count, 1) * 1e3
