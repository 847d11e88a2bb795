"""JavaScript in one node: state, redeclared names, awaits, modules, errors."""

import shutil

import pytest

from tests.tools.interpreter.bench import Bench

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="no node here")


def js(bench: Bench, code: str) -> str:
    return bench.good("javascript", code)


def test_state_is_kept_and_names_may_be_declared_again(bench: Bench) -> None:
    js(bench, "const a = 1; let b = 2; class C { m() { return 3 } }\nfunction f() { return a + b }")
    assert js(bench, "const a = 10; console.log(f(), new C().m())") == "12 3\n"


def test_a_function_may_become_a_constant(bench: Bench) -> None:
    js(bench, "function main() { return 1 }")
    assert js(bench, "const main = () => 2;\nconsole.log(main())") == "2\n"
    result = bench.run("javascript", "let twice = 1;\nlet twice = 2;")
    assert result.exit_code == 1 and "already been declared" in result.output


def test_await_timers_and_loose_promises_are_waited_for(bench: Bench) -> None:
    code = """
const wait = ms => new Promise(done => setTimeout(done, ms));
await wait(20); console.log("awaited");
setTimeout(() => console.log("timer"), 50);
(async () => { await wait(80); console.log("loose") })();
"""
    assert js(bench, code) == "awaited\ntimer\nloose\n"


def test_require_and_files_of_the_workspace(bench: Bench) -> None:
    (bench.workspace / "lib.js").write_text("module.exports = { twice: n => 2 * n };\n", encoding="utf-8")
    code = """
const fs = require("fs"), path = require("path");
fs.writeFileSync("out.json", JSON.stringify({ n: require("./lib.js").twice(21), "ü": "漢" }));
if (require.main === module) console.log(path.basename(__filename), process.argv.length);
"""
    assert js(bench, code) == "block.js 2\n"
    assert (bench.workspace / "out.json").read_text(encoding="utf-8") == '{"n":42,"ü":"漢"}'


def test_imports_static_and_dynamic(bench: Bench) -> None:
    (bench.workspace / "m.mjs").write_text("export const five = 5; export default 'd';\n", encoding="utf-8")
    code = """
import fs, { existsSync } from 'fs';
import d, { five } from './m.mjs';
console.log(existsSync('m.mjs'), d, five);
"""
    assert js(bench, code) == "true d 5\n"
    assert js(bench, "const os = await import('node:os'); console.log(typeof os.cpus)") == "function\n"


def test_code_comes_through_as_it_is(bench: Bench) -> None:
    assert (
        js(bench, "console.log(`a ${1 + 1} \\` {{ x }}`, 'javascript \"q\" \\\\')")
        == 'a 2 ` {{ x }} javascript "q" \\\n'
    )
    assert js(bench, "const f = function () {\n    return 1; // kept\n}\nconsole.log(f.toString())") == (
        "function () {\n    return 1; // kept\n}\n"
    )


@pytest.mark.parametrize(
    ("code", "exit_code", "part"),
    [
        ("const x = 1;\nfunction bad() {\n  return x.a.b;\n}\nbad()", 1, ":3:"),
        ("let a = 1;\nlet q = ;", 1, "let q = ;"),
        ("throw 'text'", 1, "text"),
        ("setTimeout(() => { throw new Error('later') }, 10)", 1, "Error: later"),
        ("(async () => { throw new TypeError('loose') })()", 1, "TypeError: loose"),
        ("import x from 'no-such-package'", 1, "no-such-package"),
        ("process.exitCode = 4", 4, ""),
        ("await new Promise(() => {})", 13, "can never come"),
    ],
)
def test_errors_have_a_code_and_keep_the_state(bench: Bench, code: str, exit_code: int, part: str) -> None:
    js(bench, "const before = 7")
    result = bench.run("javascript", code)
    assert result.exit_code == exit_code and part in result.output, result
    assert "runner" not in result.output and "node:internal" not in result.output
    assert js(bench, "console.log(before)") == "7\n"


def test_process_exit_gives_its_code_and_a_fresh_node_follows(bench: Bench) -> None:
    js(bench, "const gone = 1")
    assert bench.run("javascript", "console.log('x'); process.exit(5)").exit_code == 5
    assert js(bench, "console.log(typeof gone)") == "undefined\n"


def test_stdin_is_at_its_end(bench: Bench) -> None:
    assert js(bench, "console.log(require('fs').readFileSync(0, 'utf8').length)") == "0\n"


def test_much_output_comes_whole_and_in_order(bench: Bench) -> None:
    output = js(bench, "for (let n = 0; n < 20000; n++) console.log(n)")
    assert output == "".join(f"{n}\n" for n in range(20000))


def test_fetch_and_wasm_have_the_address_space_they_need(bench: Bench) -> None:
    code = """
new WebAssembly.Memory({ initial: 1, maximum: 65536 });
try { await fetch('http://127.0.0.1:9') } catch (e) { console.log(e.message) }
"""
    assert js(bench, code) == "fetch failed\n"
