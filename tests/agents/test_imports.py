"""Imports that a program lacks are added."""

import subprocess
import sys

import pytest

from agents.imports import KNOWN, complete


@pytest.mark.parametrize(
    "program",
    [
        "print(Counter('aab').most_common(1))",
        "print(datetime.now() - timedelta(days=1))",
        "print(datetime.datetime.now())",
        "def f(x):\n    return re.sub('a', 'b', x)\n\nprint(f('a'), json.dumps({}), Path('.'))",
        "import csv\nprint(math.pi, os.getcwd())",
        "print([pd.Series([1]).sum(), np.mean([1])])",
        "files = list(Path('.').glob('*'))\nfrom pathlib import Path\nprint(files)",
        "x = json.dumps(1)\nimport json\nprint(json.loads(x))",
    ],
)
def test_a_program_that_forgot_its_imports_runs(program: str) -> None:
    subprocess.run([sys.executable, "-c", complete(program)], check=True, capture_output=True)


@pytest.mark.parametrize(
    "program",
    [
        "import re\nprint(re)",
        "def f():\n    return json.dumps(1)\n\nimport json\nprint(f())",
        "from re import *\nprint(json)",
        "import pandas as pd\nprint(pd)",
        "time = 3\nprint(time)",
        "def f(json):\n    return json",
        "for glob in []:\n    print(glob)",
        "try:\n    pass\nexcept OSError as time:\n    print(time)",
        "with open('a') as io:\n    print(io)",
        "print(unknown)",
        "print('",
        "",
    ],
)
def test_a_program_that_has_all_its_names_stays(program: str) -> None:
    assert complete(program) == program


def test_every_known_import_is_one() -> None:
    subprocess.run([sys.executable, "-c", "\n".join(KNOWN.values())], check=True, capture_output=True)


def test_an_import_stands_behind_what_must_be_first() -> None:
    head = '#!/usr/bin/env python3\n"""Says it."""\n\nfrom __future__ import annotations\n'
    assert complete(f"{head}\nprint(math.pi)\n") == f"{head}import math\n\nprint(math.pi)\n"
    assert complete("#!/usr/bin/env python3\nprint(math.pi)") == "#!/usr/bin/env python3\nimport math\nprint(math.pi)"
