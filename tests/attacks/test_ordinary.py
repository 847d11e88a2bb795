"""Ordinary work is done in the same jail, every time."""

import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.tools.interpreter.bench import Bench

JOBS = {
    "pandas": (
        "python",
        """
import pandas as pd
frame = pd.DataFrame({"a": range(1000), "b": [n % 7 for n in range(1000)]})
frame.to_csv("table.csv", index=False)
print(int(pd.read_csv("table.csv").groupby("b")["a"].sum().max()))
""",
        "71786",
    ),
    "matplotlib": (
        "python",
        """
import matplotlib.pyplot as plt
plt.plot(range(10))
plt.savefig("plot.png")
print(open("plot.png", "rb").read(4))
""",
        "b'\\x89PNG'",
    ),
    "sqlite": (
        "python",
        """
import sqlite3
with sqlite3.connect("data.db") as db:
    db.execute("pragma journal_mode=wal")
    db.execute("create table t (x)")
    db.executemany("insert into t values (?)", [(n,) for n in range(1000)])
db.close()
print(sqlite3.connect("data.db").execute("select sum(x) from t").fetchone())
""",
        "(499500,)",
    ),
    "git": (
        "shell",
        """
git init -q repo && cd repo && echo one > a.txt && git add . &&
git -c user.name=me -c user.email=me@localhost commit -q -m first && git gc -q &&
git worktree add -q ../tree && git log --format=%s && cd ..
""",
        "first",
    ),
    "zip and tar": (
        "shell",
        """
mkdir -p packed && echo hello > packed/a.txt && chmod 755 packed/a.txt
python -m zipfile -c packed.zip packed && tar -czpf packed.tgz packed && mkdir -p out && tar -xzpf packed.tgz -C out
install -m 755 packed/a.txt out/b.txt && cp -a packed out/copy && cat out/packed/a.txt
""",
        "hello",
    ),
    "node": (
        "javascript",
        """
const fs = require("fs"), { execFileSync } = require("child_process"), { Worker } = require("worker_threads");
fs.writeFileSync("node.json", JSON.stringify({ a: [1, 2, 3] }));
await new Promise((done) => new Worker("process.exit(0)", { eval: true }).on("exit", done));
console.log((await fs.promises.readFile("node.json", "utf8")).length + execFileSync("echo", ["!"]).toString().trim());
""",
        "13!",
    ),
    "subprocesses": (
        "python",
        """
import asyncio, concurrent.futures, multiprocessing, os, subprocess
print(subprocess.run("seq 100 | sort -rn | head -1", shell=True, capture_output=True, text=True).stdout.strip())
with concurrent.futures.ProcessPoolExecutor(4, multiprocessing.get_context("fork")) as pool:
    print(sum(pool.map(abs, range(-100, 0))))
with multiprocessing.Manager() as manager:
    shared = manager.dict(a=1)
    print(shared["a"])
async def play():
    child = await asyncio.create_subprocess_exec("true")
    print(await child.wait())
asyncio.run(play())
""",
        "100\n5050\n1\n0",
    ),
    "threads": (
        "python",
        """
import threading
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(32) as pool:
    print(sum(pool.map(lambda n: n * n, range(1000))), threading.active_count() > 1)
""",
        "332833500 True",
    ),
    "names": (
        "python",
        """
import os
for name in ("Übersicht für März.txt", "漢字 и кириллица.csv", "🎉 party's \\"day\\".md", "-rf", ".hidden", " space "):
    open(name, "w").write(name)
    os.chmod(name, 0o640)
print(sum(open(name).read() == name for name in os.listdir()))
""",
        "6",
    ),
    "large file": (
        "python",
        """
import hashlib, os, shutil
with open("large.bin", "wb") as file:
    for _ in range(100): file.write(bytes(1_000_000))
shutil.copy("large.bin", "copy.bin")
print(os.path.getsize("copy.bin"), hashlib.sha256(open("copy.bin", "rb").read()).hexdigest()[:8])
os.unlink("large.bin")
""",
        "100000000 ",
    ),
    "server": (
        "python",
        """
import http.server, socket, threading, urllib.request
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever).start()
print(urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").status)
server.shutdown(); server.server_close()
left, right = socket.socketpair()
left.send(b"x"); print(right.recv(1), socket.if_nameindex()[0][1])
""",
        "200\nb'x' lo",
    ),
    "memory": (
        "python",
        """
import ctypes, mmap, multiprocessing.shared_memory as sm, numpy as np, os
block = sm.SharedMemory(create=True, size=1_000_000)
block.buf[0] = 7; print(block.buf[0]); block.close(); block.unlink()
print(int(np.linalg.inv(np.eye(300)).sum()), os.memfd_create("x") > 0)
page = mmap.mmap(-1, 4096); page.write(b"x"); print(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(abs)(-5))
""",
        "7\n300 True\n5",
    ),
}


@pytest.mark.parametrize("name", JOBS)
def test_an_ordinary_job_is_done(bench: Bench, here: Path, name: str) -> None:
    language, code, told = JOBS[name]
    if language not in bench.box.languages or (name == "git" and not shutil.which("git")):
        pytest.skip("not here")
    bench.shell(f"cd {here}")
    bench.run("javascript", f"process.chdir({str(here)!r})")
    result = bench.run(language, code)
    assert (result.exit_code, result.reason) == (0, ""), result
    assert told in result.output, result


def test_the_host_can_use_what_was_made(bench: Bench, here: Path) -> None:
    bench.python("import sqlite3\nwith sqlite3.connect('a.db') as db: db.execute('create table t (x)')\ndb.close()")
    bench.shell(f"cd {here} && mkdir -p in && echo x > in/a.txt && python -m zipfile -c a.zip in && echo done > a.sh")
    bench.shell("chmod 755 a.sh")
    with sqlite3.connect(here / "a.db") as db:
        assert db.execute("select name from sqlite_master").fetchall() == [("t",)]
    db.close()
    assert zipfile.ZipFile(here / "a.zip").namelist() == ["in/", "in/a.txt"]
    assert (here / "a.sh").stat().st_mode & 0o777 == 0o755
    subprocess.run(["rm", "-r", str(here / "in")], check=True)
