// node --experimental-vm-modules javascript_runner.js FD: runs blocks of JavaScript, one a line of FD, in one context.
"use strict";
const fs = require("node:fs");
const inspector = require("node:inspector");
const path = require("node:path");
const vm = require("node:vm");
const { createRequire, isBuiltin } = require("node:module");
const { pathToFileURL } = require("node:url");

const NEEDS_MODULE = /^SyntaxError: (Cannot use '?im|Unexpected token 'export'|Identifier .* has already been declared)/;
const requests = Number(process.argv[2]);
const script = path.join(process.cwd(), "block.js"); // scripts look for files beside themselves
const requireHere = createRequire(script);
const session = new inspector.Session();
let pending = Buffer.alloc(0);
let current = null;

function readLine() {
  const parts = [pending];
  const chunk = Buffer.alloc(65536);
  while (!parts.at(-1).includes(10)) {
    const count = fs.readSync(requests, chunk);
    if (count === 0) process.exit(0);
    parts.push(Buffer.from(chunk.subarray(0, count)));
  }
  const all = Buffer.concat(parts);
  const end = all.indexOf(10);
  pending = all.subarray(end + 1);
  return all.subarray(0, end).toString("utf8");
}

function writeMark(text) {
  for (;;) {
    try {
      return fs.writeSync(1, text);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error; // node sets O_NONBLOCK on its pipes
    }
  }
}

function next() {
  const request = JSON.parse(readLine());
  current = request;
  // Neither static nor dynamic imports work in what the inspector evaluates.
  if (/\bimport\s*\(/.test(request.code)) runModule(request);
  else runScript(request);
}

function finish(request, code) {
  if (current !== request) return;
  current = null;
  process.exitCode = undefined;
  process.stdout.write("", () =>
    process.stderr.write("", () => {
      writeMark(`${request.mark}${code}\x1e`);
      setImmediate(next);
    }),
  );
}

// As a script, whose declarations stay, may be declared again, and may await.
function runScript(request) {
  const expression = `${request.code}\n//# sourceURL=${request.name}`;
  const options = { expression, replMode: true, awaitPromise: true };
  session.post("Runtime.evaluate", options, (error, result) => {
    if (current !== request) return;
    const details = result?.exceptionDetails;
    // `const f` after `function f` is refused here, and fine in a scope of its own; so are imports and exports.
    if (NEEDS_MODULE.test(details?.exception?.description)) return runModule(request);
    request.settled = true; // beforeExit ends the block: timers and promises go on till then
    if (!error && !details) return;
    console.error(error ? error.message : describe(details, request));
    finish(request, 1);
  });
}

// As a module; its declarations are its own.
async function runModule(request) {
  const load = (specifier) => import(locate(specifier));
  try {
    const module = new vm.SourceTextModule(request.code, {
      identifier: request.name,
      initializeImportMeta: (meta) => Object.assign(meta, { url: pathToFileURL(script).href }),
      importModuleDynamically: load,
    });
    await module.link(async (specifier) => {
      const namespace = await load(specifier);
      const names = Object.keys(namespace);
      return new vm.SyntheticModule(names, function () {
        for (const name of names) this.setExport(name, namespace[name]);
      });
    });
    await module.evaluate();
    request.settled = true;
  } catch (error) {
    fail(error);
  }
}

function locate(specifier) {
  if (isBuiltin(specifier) || /^(file|data|node):/.test(specifier)) return specifier;
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, pathToFileURL(script)).href;
  return pathToFileURL(requireHere.resolve(specifier)).href;
}

// The stack without the frames of this file and of node's own machinery.
function clean(stack) {
  const foreign = (line) => /^\s+at /.test(line) && (line.includes(__filename) || /node:(inspector|internal|vm)/.test(line));
  return stack.split("\n").filter((line) => !foreign(line)).join("\n");
}

function describe({ exception, lineNumber, columnNumber, text }, request) {
  const told = clean(String(exception?.description ?? exception?.value ?? text));
  if (exception?.subtype !== "error" || told.includes("\n    at ")) return `Uncaught ${told}`;
  const line = request.code.split("\n")[lineNumber] ?? "";
  return `${request.name}:${lineNumber + 1}\n${line}\n${" ".repeat(columnNumber)}^\nUncaught ${told}`;
}

function fail(error) {
  if (!current) return;
  console.error(`Uncaught ${error instanceof Error && error.stack ? clean(error.stack) : String(error)}`);
  finish(current, 1);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.on("beforeExit", () => {
  if (!current) return;
  if (current.settled) return finish(current, process.exitCode ?? 0);
  console.error("Uncaught: what the block awaits can never come");
  finish(current, 13);
});

module.exports = {};
module.filename = script;
module.paths = requireHere.resolve.paths("x");
Object.assign(globalThis, { module, exports: module.exports, __filename: script, __dirname: process.cwd() });
globalThis.require = Object.assign(requireHere, { main: module });
process.argv.splice(1, 2, script);
session.connect();
next();
