// Runs tools/in_pyodide.py in CPython compiled to WebAssembly.
//
// Usage: node tools/pyodide.mjs node_modules/pyodide/pyodide.mjs
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const { loadPyodide } = await import(pathToFileURL(resolve(process.argv[2])));
const python = await loadPyodide();
python.mountNodeFS("/project", project);
python.runPython(readFileSync(`${project}/tools/in_pyodide.py`, "utf-8"));
process.stdout.write(`${python.globals.get("result")}\n`, () => process.exit(0)); // Pyodide leaves timers behind
