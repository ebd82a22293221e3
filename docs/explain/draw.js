// What was found, drawn.
//
// Rule: text from a URL or a server becomes text nodes, never markup.

const $ = (id) => document.getElementById(id);
const KINDS = {
  v4: "a presigned URL, Signature Version 4",
  v4a: "a presigned URL, Signature Version 4A",
  v2: "a presigned URL, Signature Version 2",
  post: "an upload form, Signature Version 4",
  "post-v2": "an upload form, Signature Version 2",
  eks: "a token for EKS",
  msk: "a token for MSK",
  rds: "a token for RDS",
  dsql: "a token for Aurora DSQL",
  elasticache: "a token for ElastiCache",
  memorydb: "a token for MemoryDB",
};

let life = null;
let wasAlive = false;

export function draw(seen) {
  drawFindings(seen);
  drawParts(seen);
  life = seen.life;
  drawLife();
  drawLines(seen.lines);
}

// --- findings --------------------------------------------------------------------------------------------------------

function drawFindings({ findings, method, recomputed }) {
  $("findings-section").hidden = findings === null;
  if (findings === null) return;
  $("findings").replaceChildren(...findings.map(drawFinding));
  $("findings-none").hidden = findings.length > 0;
  $("findings-none").textContent =
    "Nothing is wrong that can be seen from here. The server's answer, the headers that were sent and the keys each " +
    "show more.";
  const how = recomputed ? ` The signature was recomputed with the keys of ${recomputed}.` : "";
  $("findings-basis").textContent = `Read as a ${method} request.${how}`;
}

function drawFinding({ code, seen, expected, fix }) {
  const item = element("li", { class: "finding" });
  item.append(element("h3", {}, code));
  item.append(element("p", { class: "fix" }, fix));
  const pairs = element("dl", {});
  pairs.append(element("dt", {}, "Seen"), element("dd", {}, seen));
  pairs.append(element("dt", {}, "Expected"), element("dd", {}, expected));
  item.append(pairs);
  return item;
}

// --- the URL ---------------------------------------------------------------------------------------------------------

function drawParts({ parts, not_taken_apart: why }) {
  $("parts").hidden = !parts;
  $("parts-none").hidden = Boolean(parts);
  $("parts-none").textContent = parts ? "" : `It cannot be taken apart as it is: ${why}`;
  if (!parts) return;
  $("parts-text").replaceChildren(...parts.text.map(([text, part]) => element("span", { class: part }, text)));
  $("parts-text").hidden = parts.text.length === 0;
  const kind = { part: "", label: "Kind", value: KINDS[parts.kind] ?? parts.kind, remark: "" };
  $("parts-rows").replaceChildren(...[kind, ...parts.rows].flatMap(drawRow));
}

function drawRow({ part, label, value, remark }) {
  const name = element("dt", {});
  if (part) name.append(element("span", { class: `swatch ${part}`, "aria-hidden": "true" }));
  name.append(label);
  const text = element("dd", {});
  text.append(part ? element("code", {}, value) : value);
  if (remark) text.append(" ", element("small", {}, remark));
  return [name, text];
}

// --- its life --------------------------------------------------------------------------------------------------------

// Moves the bar on; true once, when the URL expires.
export function tick() {
  if (!life) return false;
  life.now = Math.floor(Date.now() / 1000);
  const before = wasAlive;
  drawLife();
  return before && !wasAlive;
}

function drawLife() {
  $("life-section").hidden = !life;
  if (!life) return;
  const { signed_at: begin, expires_at: end, now } = life;
  wasAlive = end === null || now <= end;
  $("life").hidden = end === null;
  if (end !== null) $("life-text").textContent = lifeText(begin, end, now);
  $("life").querySelector(".bar-of-life").hidden = end === null || begin === null;
  if (end !== null && begin !== null) place(begin, end, now);
  const rows = [["Signed", begin], ["Expires", end], ["Now", now]];
  $("life-rows").replaceChildren(
    ...rows.flatMap(([label, second]) => [element("dt", {}, label), moment(second)]),
  );
}

// The part of the bar that is the lifetime keeps a fifth of it, however long ago it was.
function place(begin, end, now) {
  const whole = Math.max(end, now) - Math.min(begin, now) || 1;
  const share = Math.max((end - begin) / whole, 0.2);
  const [from, to] = now < begin ? [1 - share, 1] : now > end ? [0, share] : [0, 1];
  const at = now < begin ? 0 : now > end ? 1 : (now - begin) / (end - begin || 1);
  const bar = $("life").querySelector(".bar-of-life");
  const alive = bar.querySelector(".alive");
  alive.style.left = `${100 * from}%`;
  alive.style.width = `${100 * (to - from)}%`;
  bar.querySelector(".now").style.left = `${100 * at}%`;
  bar.classList.toggle("over", now > end);
  bar.classList.toggle("early", now < begin);
}

function lifeText(begin, end, now) {
  if (now > end) return `Expired ${duration(now - end)} ago${begin === null ? "" : `, after ${duration(end - begin)}`}.`;
  if (begin !== null && now < begin) return `Not valid for another ${duration(begin - now)}.`;
  return `Expires in ${duration(end - now)}${begin === null ? "" : `, of ${duration(end - begin)}`}.`;
}

function duration(seconds) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "0 seconds";
  let rest = seconds;
  const words = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) words.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return words.join(" ");
}

function moment(second) {
  const text = element("dd", {});
  if (second === null) {
    text.textContent = "not said";
    return text;
  }
  const date = new Date(second * 1000);
  if (Number.isNaN(date.getTime())) {
    text.textContent = `${second} seconds after 1970`;
    return text;
  }
  const iso = date.toISOString();
  text.append(element("time", { datetime: iso }, `${iso.slice(0, -5).replace("T", " ")} UTC`));
  text.append(" ", element("small", {}, `${date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })} here`));
  return text;
}

// --- the canonical requests ------------------------------------------------------------------------------------------

function drawLines(lines) {
  $("lines-section").hidden = !lines;
  if (!lines) return;
  const count = lines.rows.filter((row) => row.differs).length;
  $("lines-text").textContent = !lines.has_theirs
    ? "The canonical request of this URL. An answer that shows the server's is put beside it."
    : count === 0
      ? "The canonical request of this URL is the one that the server signed."
      : `Of the two canonical requests ${count === 1 ? "1 line differs" : `${count} lines differ`}.`;
  const columns = lines.has_theirs ? ["This URL", "The server"] : ["This URL"];
  // Roles are written out, since the narrow layout takes them from the elements.
  const table = element("table", { role: "table", "aria-labelledby": "lines-title" });
  const head = element("tr", { role: "row" });
  for (const name of ["Line", ...columns]) head.append(element("th", { role: "columnheader", scope: "col" }, name));
  const body = element("tbody", { role: "rowgroup" });
  body.append(...lines.rows.map((row) => drawLine(row, columns)));
  const top = element("thead", { role: "rowgroup" });
  top.append(head);
  table.append(top, body);
  $("lines").replaceChildren(table);
}

function drawLine({ label, ours, theirs, differs }, columns) {
  const isSame = columns.length === 2 && !differs; // shown once where the page is narrow
  const row = element("tr", { role: "row", class: differs ? "differs" : isSame ? "same" : "" });
  const name = element("th", { role: "rowheader", scope: "row" }, label);
  if (differs) name.append(" ", element("strong", { class: "badge" }, "differs"));
  row.append(name);
  const texts = columns.length === 2 ? [ours, theirs] : [ours];
  texts.forEach((text, at) => {
    const cell = element("td", { role: "cell", "data-column": isSame ? "Both" : columns[at] });
    if (text === null) cell.append(element("em", {}, "not there"));
    else if (differs && texts[1 - at] !== null) cell.append(marked(text, texts[1 - at]));
    else cell.append(element("code", {}, text));
    row.append(cell);
  });
  return row;
}

// A text with what another one does not have in common with it marked.
function marked(text, other) {
  const most = Math.min(text.length, other.length);
  let head = 0;
  while (head < most && text[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const code = element("code", {});
  code.append(text.slice(0, head));
  if (head < text.length - tail) code.append(element("mark", {}, text.slice(head, text.length - tail)));
  code.append(text.slice(text.length - tail));
  return code;
}

// ---------------------------------------------------------------------------------------------------------------------

function element(name, attributes, text) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(attribute, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
