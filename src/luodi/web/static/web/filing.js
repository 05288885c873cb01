/* The grid like a sheet: paste a block from Excel, arrows and Enter move, Ctrl+D fills down, totals as you type,
   the draft saves itself and outlives a lost line, an expired session or a closed tab. Without this file the form still works.

   What is not on the server yet is kept on the device, by field, with the edition of the draft it was typed over. It is let go of
   only when the server has it: never merely because a button was pressed. */
(function () {
  "use strict";
  var form = document.getElementById("grid");
  if (!form) return;
  var status = document.getElementById("saving");
  var memory = "luodi:" + location.pathname;
  var dirty = {};      // fields not on the server yet: name to value
  var reached = {};    // fields that somebody typed in since the page opened
  var timer = null;
  var busy = false;

  function cells() { return Array.prototype.slice.call(form.querySelectorAll(".cell")); }
  function table() {
    return Array.prototype.map.call(form.querySelectorAll("tbody tr"), function (row) {
      return Array.prototype.slice.call(row.querySelectorAll(".cell"));
    }).filter(function (row) { return row.length; });
  }
  function place(input) {
    var rows = table();
    for (var r = 0; r < rows.length; r++) { var c = rows[r].indexOf(input); if (c >= 0) return { rows: rows, r: r, c: c }; }
    return null;
  }
  function kept(field) { return /^(cell:|note:)/.test(field.name) || field.hasAttribute("data-kept"); }
  function field(name) { return form.elements.namedItem(name); }
  function number(text) {
    var plain = text.normalize("NFKC").replace(/,/g, "").trim();
    return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
  }
  function totals() {
    var sums = {};
    cells().forEach(function (input) {
      var column = input.name.split("|").pop(), value = number(input.value);
      if (value !== null) sums[column] = (sums[column] || 0) + value;
    });
    form.querySelectorAll("[data-fixed]").forEach(function (cell) {
      var value = number(cell.textContent);
      if (value !== null) sums[cell.dataset.fixed] = (sums[cell.dataset.fixed] || 0) + value;
    });
    form.querySelectorAll("[data-total]").forEach(function (cell) {
      var sum = sums[cell.dataset.total];
      cell.textContent = sum === undefined ? "—" : (Math.round(sum * 1e6) / 1e6).toLocaleString("en-US", { maximumFractionDigits: 6 });
    });
  }

  /* What the device keeps; two tabs of one form share it, so it is read again before it is written. */
  function stored() {
    try { return JSON.parse(localStorage.getItem(memory) || "{}"); } catch (e) { return {}; }
  }
  function store(fields) {
    try {
      if (Object.keys(fields).length) localStorage.setItem(memory, JSON.stringify(fields));
      else localStorage.removeItem(memory);
    } catch (e) { /* private window: the server's draft is all there is */ }
  }
  function keep(name, value) { var all = stored(); all[name] = [value, form.elements.edition.value]; store(all); }
  function forget(sent) {
    var all = stored();
    Object.keys(sent).forEach(function (name) { if (all[name] && all[name][0] === sent[name]) delete all[name]; });
    store(all);
  }

  function changed(input) {
    dirty[input.name] = input.value;
    reached[input.name] = true;
    input.classList.add("new");
    keep(input.name, input.value); totals();
    status.textContent = form.dataset.unsaved;
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  }
  function token() {
    var cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);  // a new one after signing in again elsewhere
    return cookie ? cookie[1] : form.querySelector("[name=csrfmiddlewaretoken]").value;
  }
  function save() {
    if (busy || !Object.keys(dirty).length) return;
    var sent = dirty, body = { edition: form.elements.edition.value, cells: {}, words: {} };
    dirty = {}; busy = true;
    Object.keys(sent).forEach(function (name) {
      if (name.indexOf("cell:") === 0) body.cells[name.slice(5)] = sent[name]; else body.words[name] = sent[name];
    });
    fetch(form.dataset.draft, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(body)
    }).then(function (answer) {
      if (answer.redirected || answer.status === 401 || answer.status === 403) throw new Error("signed out");
      return answer.json().then(function (body) { return { ok: answer.ok, status: answer.status, body: body }; });
    }).then(function (answer) {
      busy = false;
      if (answer.ok) done(answer.body, sent);
      else if (answer.status === 409) clash(answer.body, sent);
      else throw new Error("refused");
    }).catch(function (error) {
      busy = false;
      dirty = Object.assign({}, sent, dirty);
      status.textContent = error.message === "signed out" ? form.dataset.signedOut : form.dataset.unsaved;
      clearTimeout(timer); timer = setTimeout(save, 8000);
    });
  }
  function done(body, sent) {
    forget(sent);
    form.elements.edition.value = body.edition;
    Object.keys(sent).forEach(function (name) {
      var input = field(name);
      if (input && !(name in dirty)) input.classList.remove("new");
    });
    cells().forEach(function (input) { input.classList.remove("bad"); });
    form.querySelectorAll("[data-cell]").forEach(function (place) { if (!place.querySelector("button")) place.textContent = ""; });
    Object.keys(body.cells || {}).forEach(function (name) {
      var input = field("cell:" + name);
      // A blank that nobody has come to yet is no mistake: it is named when the form is checked.
      if (!input || input.value || reached["cell:" + name]) mark(name, body.cells[name], true);
    });
    (body.findings || []).forEach(function (one) { if (!one.explained) mark(one.cell, one.message, one.severity === "hard"); });
    if (Object.keys(dirty).length) save(); else status.textContent = form.dataset.saved;
  }
  /* Somebody else changed the same cells meanwhile: both values are shown, the person chooses; all other cells go on. */
  function clash(body, sent) {
    var theirs = {};
    (body.problems || []).forEach(function (problem) { theirs["cell:" + problem.where] = problem; });
    form.elements.edition.value = body.edition;
    Object.keys(sent).forEach(function (name) { if (!theirs[name] && !(name in dirty)) dirty[name] = sent[name]; });
    Object.keys(theirs).forEach(function (name) { choose(name, theirs[name]); });
    status.textContent = form.dataset.unsaved;
    save();
  }
  function choose(name, problem) {
    var input = field(name), there = String(problem.theirs === null || problem.theirs === undefined ? "" : problem.theirs);
    if (!input) return;
    mark(name.slice(5), problem.message + " ", true);
    where(name.slice(5), function (place) {
      var row = document.createElement("div");
      row.className = "choose";
      row.appendChild(button(form.dataset.theirs + " " + (there || "—"), function () {
        forget(pair(name, input.value)); input.value = there; place.textContent = ""; input.classList.remove("bad", "new"); totals();
      }));
      row.appendChild(button(form.dataset.mine + " " + (input.value || "—"), function () { place.textContent = ""; changed(input); }));
      place.appendChild(row);
    });
  }
  function pair(name, value) { var one = {}; one[name] = value; return one; }
  function button(text, then) {
    var made = document.createElement("button");
    made.type = "button"; made.className = "btn btn-sm btn-outline-secondary py-0"; made.textContent = text;
    made.addEventListener("click", then);
    return made;
  }
  function where(name, then) {
    Array.prototype.forEach.call(form.querySelectorAll("[data-cell]"), function (place) { if (place.dataset.cell === name) then(place); });
  }
  function mark(name, words, bad) {
    var input = field("cell:" + name);
    if (input && bad) input.classList.add("bad");
    where(name, function (place) { place.textContent = words; });
  }

  form.addEventListener("input", function (e) { if (kept(e.target)) changed(e.target); });
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
    if (!e.target.classList.contains("cell") || e.target.tagName === "SELECT") return;
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
    if (row && row[at.c]) { row[at.c].focus(); if (row[at.c].select) row[at.c].select(); }
  });
  window.addEventListener("online", save);
  // The back button may show the page as it was left: what the device keeps goes in again.
  window.addEventListener("pageshow", restore);

  function restore() {
    var all = stored(), old = null;
    Object.keys(all).forEach(function (name) {
      var input = field(name);
      if (!input) return;
      if (input.value === all[name][0] && !input.classList.contains("new")) { delete all[name]; return; }
      old = old === null ? Number(all[name][1]) : Math.min(old, Number(all[name][1]));
      input.value = all[name][0];
      input.classList.add("new");
      dirty[name] = input.value;
    });
    store(all);
    totals();
    if (old === null) return;
    // Typed over an older draft: the server tells whether somebody else has changed the same cells since.
    form.elements.edition.value = String(Math.min(old, Number(form.elements.edition.value)));
    status.textContent = form.dataset.unsaved;
    clearTimeout(timer); timer = setTimeout(save, 300);
  }
})();
