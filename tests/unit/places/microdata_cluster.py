"""A real Spark cluster on the loopback: a master and two workers, each a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: small machines that start fast: the simplest compiler and collector
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss4m"
WAIT = 180.0  # seconds for the workers to join


def absent() -> str:
    """Why a cluster cannot be started here, "" when it can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: uv sync --group grappe"
    if shutil.which("java") is None:
        return "java is not installed: apt-get install default-jre-headless"
    return ""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


class Cluster:
    """Started in a ``with``; stopped, whatever happens, by the ids of its processes."""

    def __init__(self, folder: Path) -> None:
        found = find_spec("pyspark")
        assert found is not None and found.origin is not None
        self.folder = folder
        self.home = Path(found.origin).parent
        self.port, self.page = free_port(), free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def master(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    @property
    def state(self) -> Any:
        """What the master says of itself, of its workers and of its applications."""
        return fetch(f"http://127.0.0.1:{self.page}/json/")

    def __enter__(self) -> Cluster:
        try:
            self._start(
                "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1",
                "--port", str(self.port), "--webui-port", str(self.page),
            )  # fmt: skip
            self._wait(workers=0)
            for number in (1, 2):
                self._start(
                    f"worker-{number}", "org.apache.spark.deploy.worker.Worker", "--host",
                    "127.0.0.1", "--cores", "1", "--memory", "640m", "--webui-port",
                    str(free_port()), "--work-dir", str(self.folder / f"work-{number}"),
                    self.master,
                )  # fmt: skip
            self._wait(workers=2)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, name: str, *words: str) -> None:
        environment = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": JAVA,
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [str(self.home / "bin" / "spark-class"), *words],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment,
                )
            )

    def _wait(self, workers: int) -> None:
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            if any(process.poll() is not None for process in self.processes):
                break
            try:
                if self.state["aliveworkers"] == workers:
                    return
            except OSError:
                pass  # the master does not listen yet
            time.sleep(0.2)
        logs = sorted(self.folder.glob("*.log"))
        told = "\n".join(log.read_text(errors="replace")[-1500:] for log in logs)
        raise RuntimeError(f"{workers} workers did not join in {WAIT:.0f} s:\n{told}")
