"""What the README shows is true."""

import os
import re
import subprocess
import sys
from pathlib import Path

from config import folders
from tools.embedded.scripted import model, scripted, twice

README = (folders.ROOT / "README.md").read_text(encoding="utf-8")
WRITES = "```python\nopen('five.txt', 'w').write('1\\n2\\n3\\n4\\n5\\n')\nprint('The sum is 15.')\n```"


def test_the_script_makes_the_same_team(tmp_path: Path) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in source.splitlines() if line.strip()]) <= 12
    (tmp_path / "work").mkdir()
    (tmp_path / "script.py").write_text(source, encoding="utf-8")
    with scripted(twice(WRITES), model("qwen2.5-coder:1.5b-instruct-q4_K_M")) as (url, _):
        ran = subprocess.run(
            [sys.executable, "-W", "error", "script.py"],
            cwd=tmp_path,
            env={**os.environ, "OLLAMA_BASE_URL": url},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
    assert (ran.returncode, ran.stdout) == (0, "The sum is 15.\n"), ran.stderr
    assert ran.stderr == ""
    assert (tmp_path / "work" / "five.txt").is_file()
