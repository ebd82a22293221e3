// Opened as a file, a page may load neither modules nor workers; this script is neither.
"use strict";

if (location.protocol === "file:") {
  document.getElementById("from-file").hidden = false;
  document.getElementById("columns").hidden = true;
}
