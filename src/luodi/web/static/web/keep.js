/* What is typed into a form marked `data-keep="who and what"` outlives a lost line, a closed tab and a session that ended as the button was pressed: the
   device keeps it until the server has it. It has it when the form's own sending led to a page with `data-kept-until` of the same matter.
   Files themselves are not kept: which were chosen is said, so that they are chosen again. Without this file a form works as ever. */
(function () {
  "use strict";
  var PREFIX = "luodi:keep:";
  function read(key) { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch (e) { return null; } }
  function write(key, value) {
    try { if (value) localStorage.setItem(key, JSON.stringify(value)); else localStorage.removeItem(key); } catch (e) { /* private window */ }
  }

  // Sent, and the server answered with the page of the matter: let go of what that form kept.
  var done = document.querySelector("[data-kept-until]");
  if (done) {
    Object.keys(localStorage).forEach(function (key) {
      if (key.indexOf(PREFIX) !== 0 || !document.referrer) return;
      var kept = read(key), from = new URL(document.referrer);
      var left = from.origin === location.origin && key.split("?")[0] === PREFIX + from.pathname;
      if (kept && kept.sent && kept.of === done.dataset.keptUntil && left) write(key, null);
    });
  }

  var form = document.querySelector("form[data-keep]");
  if (!form) return;
  var row = form.elements.namedItem("row"), memory = PREFIX + location.pathname + "?" + (row ? row.value : "");
  function fields() {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && !/^(hidden|file|submit|button|password)$/.test(one.type) && one.tagName !== "BUTTON";
    });
  }
  function value(one) { return one.type === "checkbox" || one.type === "radio" ? (one.checked ? one.value : "") : one.value; }
  function chosen() {
    var names = [];
    form.querySelectorAll("input[type=file]").forEach(function (one) { Array.prototype.forEach.call(one.files, function (file) { names.push(file.name); }); });
    return names;
  }
  function keep(sent) {
    var typed = {};
    fields().forEach(function (one) { if (value(one) !== one.dataset.was) typed[one.name + "\n" + (one.type === "radio" ? one.value : "")] = value(one); });
    var files = chosen();
    write(memory, Object.keys(typed).length || files.length ? { of: form.dataset.keep, typed: typed, files: files, sent: sent } : null);
  }
  function restore() {
    var kept = read(memory), back = false;
    fields().forEach(function (one) { one.dataset.was = value(one); });
    if (!kept || kept.of !== form.dataset.keep) return;
    fields().forEach(function (one) {
      var text = kept.typed[one.name + "\n" + (one.type === "radio" ? one.value : "")];
      if (text === undefined || text === value(one)) return;
      if (one.type === "checkbox" || one.type === "radio") one.checked = text !== ""; else one.value = text;
      back = true;
    });
    var word = document.querySelector("[data-kept-word]"), lost = document.querySelector("[data-kept-files]");
    if (lost && kept.files && kept.files.length && !chosen().length) { lost.textContent = kept.files.join("、"); lost.parentNode.hidden = false; back = true; }
    if (word) word.hidden = !back;
  }
  form.addEventListener("input", function () { keep(false); });
  form.addEventListener("change", function () { keep(false); });
  form.addEventListener("submit", function () { keep(true); });
  restore();
})();
