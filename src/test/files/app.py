"""An application that reads a `.env` file: in a loop, on a signal, and when the kernel says that the file has changed.

Prints a line of JSON for each pair of values that is new to that reader, and one with the numbers at the end.
"""
import ctypes
import json
import os
import signal
import sys
import threading
import time

from dotenv import dotenv_values, load_dotenv

ENV_FILE, PID_FILE = sys.argv[1:]
IN_MOVED_TO = 0x80

reads = {"loop": 0, "signal": 0, "inotify": 0}
last = {}
faults = []
stopped = False


def tell(what):
    # At once, because a signal or another thread may come in between.
    os.write(1, (json.dumps(what) + "\n").encode())


def read(reader, values):
    """One read, which must be whole and of one version."""
    reads[reader] += 1
    user, password = values.get("USER_NAME"), values.get("PASSWORD")
    if not user or not password or user.split("-")[1] != password.split(" ")[0]:
        faults.append(f"{reader}: {user!r}, {password!r}")
    elif last.get(reader) != user:
        last[reader] = user
        tell({"reader": reader, "at": time.monotonic(), "user": user, "password": password})


def on_signal(*_):
    read("signal", dotenv_values(ENV_FILE))


def on_end(*_):
    global stopped
    stopped = True


def watch():
    libc = ctypes.CDLL(None, use_errno=True)
    events = libc.inotify_init()
    if libc.inotify_add_watch(events, os.path.dirname(ENV_FILE).encode(), IN_MOVED_TO) < 0:
        raise OSError(ctypes.get_errno(), "inotify_add_watch")
    while os.read(events, 4096):
        read("inotify", dotenv_values(ENV_FILE))


signal.signal(signal.SIGHUP, on_signal)
signal.signal(signal.SIGTERM, on_end)
with open(PID_FILE, "w") as file:
    file.write(f"{os.getpid()}\n")
threading.Thread(target=watch, daemon=True).start()
while not stopped:
    if not load_dotenv(ENV_FILE, override=True):
        faults.append("loop: no file")
    read("loop", os.environ)
tell({"reads": reads, "faults": faults})
