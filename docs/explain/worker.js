// Python, beside the page: loads Pyodide and the library once, then answers one call at a time.
//
// Rule: of a failure only the class of the exception leaves this file, since a traceback may quote what was pasted.

const here = new URL(".", import.meta.url).href;

async function start() {
  const [{ loadPyodide, version }, archive] = await Promise.all([
    import(`${here}pyodide/pyodide.mjs`),
    fetch(`${here}python.zip`).then(bytes),
  ]);
  const python = await loadPyodide({ indexURL: `${here}pyodide/`, stdout: () => {}, stderr: () => {} });
  python.FS.writeFile("/python.zip", new Uint8Array(archive));
  python.runPython(`
    import sys
    sys.path.insert(0, "/python.zip")
    import platform
    import sigv4presign
    from examine import examine, example
    examine(example())  # loads what it needs
  `);
  const named = (name) => python.globals.get(name);
  const library = python.runPython("sigv4presign.__version__");
  const cpython = python.runPython("platform.python_version()");
  onmessage = ({ data: { id, call, fields } }) => {
    try {
      const result = call === "example" ? named("example")() : named("examine")(fields);
      postMessage({ id, result });
    } catch (fault) {
      postMessage({ id, failed: fault.type ?? fault.name });
    }
  };
  postMessage({ ready: { library, cpython, pyodide: version } });
}

async function bytes(answer) {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.arrayBuffer();
}

start().catch((fault) => postMessage({ notLoaded: String(fault.message).slice(0, 300) }));
