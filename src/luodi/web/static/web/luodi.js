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
    if (e.key === "?" && !typing && !e.ctrlKey && !e.metaKey) { e.preventDefault(); show("keys"); }
    if (e.key === "Escape") { end(); document.querySelectorAll(".rail.open").forEach(function (r) { r.classList.remove("open"); }); }
  });

  // Help: the list of keys, and the page's words beside the page; without script the link opens a page of its own.
  function show(id) {
    var dialog = document.getElementById(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }
  on("click", "[data-keys-open]", function () { show("keys"); });
  on("click", "[data-help]", function (e, link) {
    var room = document.getElementById("help-words");
    if (!room || !window.fetch || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    }).then(function (words) { room.innerHTML = words; show("help"); }).catch(function () { location.href = link.href; });
  });
  on("click", "dialog", function (e, dialog) { if (e.target === dialog) dialog.close(); });

  // A table marked data-cards is read on a phone as cards: every cell then says which column it is from.
  document.querySelectorAll("table[data-cards]").forEach(function (table) {
    if (!table.tHead) return;
    var heads = Array.prototype.map.call(table.tHead.rows[table.tHead.rows.length - 1].cells, function (cell) {
      return cell.firstChild ? cell.firstChild.textContent.trim() : "";
    });
    table.querySelectorAll("tbody tr, tfoot tr").forEach(function (row) {
      Array.prototype.forEach.call(row.cells, function (cell, n) {
        var first = n === 0 || cell.matches(".subject, .no, .rank, .moved, [scope=row], [colspan]");
        if (!first && heads[n] && !cell.dataset.label) cell.dataset.label = heads[n];
      });
    });
    table.classList.add("stacked");
  });

  // The tour: five places, one after the other; seeing it is remembered with the account.
  var place = -1;
  function tour() { return document.getElementById("tour"); }
  function visible(selector) {
    return Array.prototype.find.call(document.querySelectorAll(selector), function (e) { return e.offsetParent !== null; });
  }
  function go(to) {
    var card = tour(), steps = card ? card.querySelectorAll("li") : [];
    document.querySelectorAll(".toured").forEach(function (e) { e.classList.remove("toured"); });
    if (to < 0 || to >= steps.length) return end();
    place = to;
    card.hidden = false;
    steps.forEach(function (step, n) { step.hidden = n !== to; });
    card.querySelector("[data-tour-at]").textContent = String(to + 1);
    card.querySelector("[data-tour-back]").disabled = to === 0;
    var next = card.querySelector("[data-tour-next]");
    next.dataset.more = next.dataset.more || next.textContent;
    next.textContent = to === steps.length - 1 ? next.dataset.end : next.dataset.more;
    var target = visible(steps[to].dataset.at);
    if (target) {
      target.classList.add("toured");
      var box = target.getBoundingClientRect(), wide = Math.min(352, window.innerWidth - 16);
      var beside = target.matches(".rail");
      card.style.left = Math.max(8, Math.min(beside ? box.right + 12 : box.left, window.innerWidth - wide - 8)) + "px";
      card.style.top = Math.max(8, Math.min(beside ? box.top + 12 : box.bottom + 10, window.innerHeight - 220)) + "px";
    }
    next.focus({ preventScroll: true });
  }
  function end() {
    var card = tour(), offer = document.querySelector("form.offer");
    if (!card || card.hidden) return;
    card.hidden = true; place = -1;
    document.querySelectorAll(".toured").forEach(function (e) { e.classList.remove("toured"); });
    if (offer) {
      var sent = new FormData(offer);
      sent.append("toured", "1");
      fetch(offer.action, { method: "POST", body: sent, credentials: "same-origin" });
      offer.hidden = true;
    }
  }
  on("click", "[data-tour-open]", function () { go(0); });
  on("click", "[data-tour-next]", function () { go(place + 1); });
  on("click", "[data-tour-back]", function () { go(place - 1); });
  on("click", "[data-tour-close]", function () { end(); });

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

  // A box wider than the screen scrolls by keyboard too.
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".scroll, .table-responsive, .steps").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth && !box.hasAttribute("tabindex")) box.tabIndex = 0;
    });
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
