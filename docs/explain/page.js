// The form, and the worker that runs Python.
//
// Rule: what was typed goes from the fields to the worker and nowhere else; it is never put into an address or a store.

import { draw, tick } from "./draw.js";

const $ = (id) => document.getElementById(id);
const FIELDS = ["url", "response", "method", "headers", "access_key_id", "secret_access_key", "session_token"];
const SLOW = 30_000; // milliseconds

let ready = false;
let asked = 0; // the number of the newest call; older answers are dropped
let wanted = null; // a call from before Python was there
let goesThere = false; // whether the answer is moved into view: for who pressed a button, not for who still pastes

// --- the worker ------------------------------------------------------------------------------------------------------

// A worker from an address would have no policy; one from a blob: URL is under that of the page.
const address = new URL("worker.js", import.meta.url).href;
const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" }));
const worker = new Worker(blob, { type: "module" });
worker.onerror = () => notLoaded("the browser could not start it");
worker.onmessage = ({ data }) => {
  if (data.ready) begin(data.ready);
  else if (data.notLoaded) notLoaded(data.notLoaded);
  else if (data.id === asked) finish(data);
};
say("Loading Python, 13 MB. You can paste already.");
const slow = setTimeout(() => say("Still loading Python. If this does not end, look at the browser's console."), SLOW);

function begin({ library, cpython, pyodide }) {
  clearTimeout(slow);
  URL.revokeObjectURL(blob);
  ready = true;
  $("loading").hidden = true;
  $("versions").firstChild.textContent = `Runs sigv4presign ${library} in CPython ${cpython}, compiled to WebAssembly by `;
  $("versions").querySelector("a").textContent = `Pyodide ${pyodide}`;
  document.body.dataset.ready = "";
  if (wanted) wanted();
  else say("Ready.");
}

function notLoaded(why) {
  clearTimeout(slow);
  $("loading").hidden = true;
  $("explain").disabled = $("example").disabled = true;
  say(`Python could not be loaded: ${why}. \`make docs\` puts it beside this page, where npm is installed.`, true);
}

function ask(call, fields) {
  asked += 1;
  worker.postMessage({ id: asked, call, fields });
}

function finish({ result, failed }) {
  if (failed) {
    say(`The page failed with ${failed}. Please report what you did, without the URL.`, true);
    return;
  }
  const seen = JSON.parse(result);
  if (seen.url) fill(seen);
  else show(seen);
}

// --- the form --------------------------------------------------------------------------------------------------------

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  goesThere = true;
  explain();
});
$("form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("form").requestSubmit();
});
for (const id of ["url", "response"]) $(id).addEventListener("paste", () => setTimeout(() => $("url").value && explain()));
$("example").addEventListener("click", () => whenReady(() => ask("example")));
$("form").addEventListener("reset", () => {
  asked += 1;
  clearFaults();
  $("result").hidden = true;
  $("empty").hidden = false;
  say("Cleared.");
  $("url").focus();
});

function explain() {
  clearFaults();
  const values = Object.fromEntries(FIELDS.map((id) => [id, $(id).value]));
  if (!values.url.trim()) return fault("url", "is empty; paste a presigned URL");
  for (const id of FIELDS) {
    const limit = Number($(id).dataset.limit);
    if (values[id].length > limit) return fault(id, `has more than ${limit} characters`);
  }
  say("Looking.");
  whenReady(() => ask("examine", JSON.stringify(values)));
}

function whenReady(action) {
  if (ready) action();
  else {
    wanted = action;
    say("Python is still loading. The answer comes when it is there.");
  }
}

function fill(fields) {
  for (const id of FIELDS) $(id).value = fields[id] ?? "";
  $("form").requestSubmit();
}

function show(seen) {
  $("empty").hidden = true;
  $("result").hidden = false;
  draw(seen);
  // Where the page is one column, the answer is below what one sees.
  if (goesThere && $("result").getBoundingClientRect().top > innerHeight) $("findings-section").scrollIntoView();
  goesThere = false;
  // From the last to the first, which gets the focus.
  for (const { field, message } of seen.faults.reverse()) fault(FIELDS.includes(field) ? field : "url", message);
  if (seen.faults.length) return;
  const count = seen.findings?.length ?? 0;
  if (seen.findings === null) say("Taken apart.");
  else if (count === 0) say("Nothing is wrong that can be seen from here.");
  else say(`${count} ${count === 1 ? "finding" : "findings"}. The first: ${seen.findings[0].code}.`);
}

function fault(id, message) {
  const label = document.querySelector(`label[for=${id}]`).textContent;
  $(`${id}-fault`).textContent = `${label}: ${message}`;
  $(`${id}-fault`).hidden = false;
  $(id).setAttribute("aria-invalid", "true");
  $(id).closest("details")?.setAttribute("open", "");
  $(id).focus();
  say(`${label}: ${message}`, true);
}

function clearFaults() {
  for (const id of FIELDS) {
    $(`${id}-fault`).hidden = true;
    $(id).removeAttribute("aria-invalid");
  }
}

function say(text, isBad = false) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", isBad);
}

// The bar moves on; a URL that expires while one looks at it gets its finding.
setInterval(() => {
  if (!$("result").hidden && tick()) explain();
}, 1000);
