/* Evidence on a cell: a chosen file goes up at once and the cell shows it; taking one off likewise. Without this file both go with "Save".
   A file that could not be sent stays chosen in its field, so that "Save" sends it later; whoever leaves the page before is asked. */
(function () {
  "use strict";
  var form = document.getElementById("grid");
  if (!form || !form.dataset.evidence || !window.fetch) return;
  var status = document.getElementById("saving"), unsent = {};

  function token() {
    var cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : form.querySelector("[name=csrfmiddlewaretoken]").value;
  }
  function room(key) {
    return Array.prototype.find.call(form.querySelectorAll("[data-attached]"), function (one) { return one.dataset.attached === key; });
  }
  function send(key, body) {
    body.append("cell", key);
    status.textContent = form.dataset.attaching;
    fetch(form.dataset.evidence, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token() }, body: body })
      .then(function (answer) {
        if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
        return answer.text().then(function (words) { return { ok: answer.ok, words: words }; });
      })
      .then(function (answer) {
        var old = room(key), made = document.createElement("div");
        made.innerHTML = answer.words;
        old.replaceWith(made.firstElementChild);
        var fresh = room(key).querySelector("details");
        if (fresh) { fresh.open = true; fresh.querySelector("summary").focus(); }
        status.textContent = answer.ok ? form.dataset.attached : "";
        delete unsent[key];
      })
      .catch(function () {
        status.textContent = form.dataset.notAttached;
        if (!body.has("detach")) unsent[key] = true;
      });
  }
  form.addEventListener("submit", function () { unsent = {}; });
  window.addEventListener("beforeunload", function (e) {
    if (Object.keys(unsent).length) { e.preventDefault(); e.returnValue = ""; }
  });
  form.addEventListener("change", function (e) {
    var key = e.target.dataset.proof;
    if (!key || !e.target.files.length) return;
    var body = new FormData();
    Array.prototype.forEach.call(e.target.files, function (file) { body.append(e.target.name, file); });
    send(key, body);
  });
  form.addEventListener("click", function (e) {
    var button = e.target.closest("[data-detach]");
    if (!button) return;
    e.preventDefault();
    var body = new FormData();
    body.append("detach", button.value);
    send(button.dataset.detach, body);
  });
})();
