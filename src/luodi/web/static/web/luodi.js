/* What every page needs: the search key, the rail on a phone, copying, printing, and words for a lost line. */
(function () {
  "use strict";

  function on(event, selector, handler) {
    document.addEventListener(event, function (e) {
      var found = e.target.closest && e.target.closest(selector);
      if (found) handler(e, found);
    });
  }

  // "/" goes to the search field, unless somebody is typing.
  document.addEventListener("keydown", function (e) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
    if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey) {
      var field = document.querySelector("[data-find]");
      if (field) { e.preventDefault(); field.focus(); field.select(); }
    }
    if (e.key === "Escape") document.querySelectorAll(".rail.open").forEach(function (r) { r.classList.remove("open"); });
  });

  on("click", "[data-open-rail]", function () {
    var rail = document.querySelector(".rail");
    if (rail) { rail.classList.toggle("open"); var first = rail.querySelector("a"); if (first) first.focus(); }
  });
  on("click", "[data-print]", function () { window.print(); });
  on("click", "[data-copy]", function (e, button) {
    var source = document.querySelector(button.dataset.copy);
    var text = source ? (source.value || source.innerText) : button.dataset.copyText;
    copy(text).then(function () { flash(button); });
  });
  // A filter form sends itself when a choice changes; without script it has a button.
  on("change", "form[data-auto] select, form[data-auto] input[type=checkbox], form[data-auto] input[type=date]", function (e, field) {
    field.form.requestSubmit ? field.form.requestSubmit() : field.form.submit();
  });
  on("submit", "form[data-auto]", function (e, form) {
    form.querySelectorAll("input, select").forEach(function (field) { if (!field.value) field.disabled = true; });
  });
  on("click", "[data-confirm]", function (e, button) {
    if (!window.confirm(button.dataset.confirm)) e.preventDefault();
  });

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = document.createElement("textarea");
    area.value = text; area.style.position = "fixed"; area.style.opacity = "0";
    document.body.appendChild(area); area.select(); document.execCommand("copy"); area.remove();
    return Promise.resolve();
  }
  function flash(button) {
    var before = button.innerHTML;
    button.textContent = button.dataset.done || "✓";
    setTimeout(function () { button.innerHTML = before; }, 1500);
  }
  window.luodi = { copy: copy, on: on };

  // Forms of htmx carry the token too; a lost line is said, and what was typed stays.
  document.addEventListener("htmx:configRequest", function (e) {
    var token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (token) e.detail.headers["X-CSRFToken"] = token.value;
  });
})();
