"""The desk in the foreground: the web server, the supervisor with its worker, until told to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

from diaodu.web.site.supervisor import Supervisor, few_threads

_PATIENCE = 60  # seconds until the first page answers


class CannotServe(RuntimeError):
    """Told to the user as it is."""


def serve(*, host: str, port: int, workers: int, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raises CannotServe where it does not come up."""
    address = f"http://{host}:{port}"
    supervisor = Supervisor()
    keeper = threading.Thread(target=supervisor.run)
    os.environ["DIAODU_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, host])
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port",
         str(port), "--workers", str(workers), "--blocking-threads", "2", "--no-ws",
         "--workers-kill-timeout", "5", "--log-level", "warning",
         "diaodu.web.site.wsgi:application"],
        start_new_session=True,  # Ctrl-C is for this process, which ends its children in order
        env=few_threads(),
    )  # fmt: skip
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if one != signal.SIGHUP or signal.getsignal(one) != signal.SIG_IGN:  # nohup
            signal.signal(one, lambda *_: ended.set())
    keeper.start()
    try:
        _wait_until_well(address, web, ended)
        if not ended.is_set():
            on_ready(address)
        while not ended.wait(0.5):
            if web.poll() is not None:
                raise CannotServe(f"网页服务中断了（退出码{web.returncode}）；请看上面的记录")
    finally:
        supervisor.stop.set()
        web.terminate()
        keeper.join()
        try:
            web.wait(timeout=10)
        except subprocess.TimeoutExpired:
            web.kill()


def _wait_until_well(address: str, web: subprocess.Popen[bytes], ended: threading.Event) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and not ended.is_set():
        if web.poll() is not None:
            raise CannotServe(f"网页服务没有起来：{address} 可能已经有别的程序在用，请换一个端口")
        if _is_well(address):
            return
        ended.wait(0.1)
    if not ended.is_set():
        raise CannotServe(f"等了{_PATIENCE}秒，{address} 没有应答；请看上面的记录")


def _is_well(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(json.load(answer)["ok"])
    except (URLError, OSError, ValueError):
        return False
