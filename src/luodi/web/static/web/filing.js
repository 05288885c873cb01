/* The grid like a sheet: paste a block from Excel, arrows and Enter move, Ctrl+D fills down, totals as you type,
   the draft saves itself and outlives a lost line, an expired session or a closed tab. Without this file the form still works. */
(function () {
  "use strict";
  var form = document.getElementById("grid");
  if (!form) return;
  var status = document.getElementById("saving");
  var memory = "luodi:" + location.pathname;
  var dirty = {};
  var timer = null;
  var busy = false;

  function cells() { return Array.prototype.slice.call(form.querySelectorAll("input.cell")); }
  function table() {
    return Array.prototype.map.call(form.querySelectorAll("tbody tr"), function (row) {
      return Array.prototype.slice.call(row.querySelectorAll("input.cell"));
    }).filter(function (row) { return row.length; });
  }
  function place(input) {
    var rows = table();
    for (var r = 0; r < rows.length; r++) { var c = rows[r].indexOf(input); if (c >= 0) return { rows: rows, r: r, c: c }; }
    return null;
  }
  function key(input) { return input.name.slice(5); }
  function number(text) {
    var plain = text.normalize("NFKC").replace(/,/g, "").trim();
    return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
  }
  function totals() {
    var sums = {};
    cells().forEach(function (input) {
      var measure = key(input).split("|").pop(), value = number(input.value);
      if (value !== null) sums[measure] = (sums[measure] || 0) + value;
    });
    form.querySelectorAll("[data-total]").forEach(function (cell) {
      var sum = sums[cell.dataset.total];
      cell.textContent = sum === undefined ? "—" : String(Math.round(sum * 1e6) / 1e6);
    });
  }
  function keep() {
    try { localStorage.setItem(memory, JSON.stringify(dirty)); } catch (e) { /* private window: the server's draft is all there is */ }
  }
  function forget() { try { localStorage.removeItem(memory); } catch (e) { /* as above */ } }

  function changed(input) {
    dirty[key(input)] = input.value;
    input.classList.add("new");
    keep(); totals();
    status.textContent = form.dataset.unsaved;
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  }
  function save() {
    if (busy || !Object.keys(dirty).length) return;
    var sent = dirty; dirty = {}; busy = true;
    fetch(form.dataset.draft, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify({ edition: form.elements.edition.value, cells: sent })
    }).then(function (answer) {
      if (answer.redirected || answer.status === 401 || answer.status === 403) throw new Error("signed out");
      return answer.json().then(function (body) { return { ok: answer.ok, status: answer.status, body: body }; });
    }).then(function (answer) {
      busy = false;
      if (answer.ok) { done(answer.body); } else { clash(answer.body, sent); }
    }).catch(function () {
      busy = false;
      dirty = Object.assign({}, sent, dirty); keep();
      status.textContent = form.dataset.unsaved;
      clearTimeout(timer); timer = setTimeout(save, 8000);
    });
  }
  function done(body) {
    form.elements.edition.value = body.edition;
    cells().forEach(function (input) { input.classList.remove("new", "bad"); });
    form.querySelectorAll("[data-cell]").forEach(function (place) { place.textContent = ""; });
    Object.keys(body.cells || {}).forEach(function (name) { mark(name, body.cells[name], true); });
    (body.findings || []).forEach(function (one) { if (!one.explained) mark(one.cell, one.message, one.severity === "hard"); });
    if (Object.keys(dirty).length) { keep(); save(); } else { forget(); status.textContent = form.dataset.saved; }
  }
  function clash(body, sent) {
    (body.problems || []).forEach(function (problem) { mark(problem.where, problem.message + " " + (problem.theirs || ""), true); });
    dirty = Object.assign({}, sent, dirty); keep();
    status.textContent = form.dataset.unsaved;
  }
  function mark(name, words, bad) {
    var input = form.querySelector('input.cell[name="cell:' + CSS.escape(name).replace(/\\/g, "\\") + '"]') || cells().find(function (one) { return key(one) === name; });
    if (input && bad) input.classList.add("bad");
    Array.prototype.forEach.call(form.querySelectorAll("[data-cell]"), function (place) {
      if (place.dataset.cell === name) place.textContent = words;
    });
  }

  form.addEventListener("input", function (e) { if (e.target.classList.contains("cell")) changed(e.target); });
  form.addEventListener("paste", function (e) {
    if (!e.target.classList.contains("cell")) return;
    var text = (e.clipboardData || window.clipboardData).getData("text");
    if (text.indexOf("\t") < 0 && text.trim().indexOf("\n") < 0) return;
    e.preventDefault();
    var at = place(e.target);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach(function (line, r) {
      line.split("\t").forEach(function (value, c) {
        var row = at.rows[at.r + r], input = row && row[at.c + c];
        if (input) { input.value = value.trim(); changed(input); }
      });
    });
  });
  form.addEventListener("keydown", function (e) {
    if (!e.target.classList.contains("cell")) return;
    var at = place(e.target), step = { ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0] }[e.key];
    if (e.key === "d" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      var above = at.rows[at.r - 1];
      if (above) { e.target.value = above[at.c].value; changed(e.target); }
      return;
    }
    if (!step) return;
    e.preventDefault();
    var row = at.rows[at.r + step[0]];
    if (row && row[at.c]) { row[at.c].focus(); row[at.c].select(); }
  });
  form.addEventListener("submit", forget);
  window.addEventListener("online", save);

  try {
    var left = JSON.parse(localStorage.getItem(memory) || "{}");
    cells().forEach(function (input) {
      if (Object.prototype.hasOwnProperty.call(left, key(input)) && left[key(input)] !== input.value) { input.value = left[key(input)]; changed(input); }
    });
  } catch (e) { /* nothing kept */ }
  totals();
})();
