/* Choosing units by group, moving columns forward, and a table as a picture to send on. Without this file everything but the picture works. */
(function () {
  "use strict";
  function on(selector, handler) {
    document.addEventListener("click", function (e) { var found = e.target.closest(selector); if (found) handler(found, e); });
  }
  on("[data-check-units]", function (button) {
    var codes = button.dataset.checkUnits.split(" ");
    document.querySelectorAll("input[name=ower]").forEach(function (box) { if (codes.indexOf(box.value) >= 0) box.checked = true; });
  });
  on("[data-check-all]", function (button) {
    var boxes = Array.prototype.slice.call(button.closest("details").querySelectorAll("input[name=ower]"));
    var all = boxes.every(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = !all; });
  });
  on("[data-up]", function (button, e) {
    e.preventDefault();
    var label = button.closest("label"), before = label.previousElementSibling;
    if (before) { label.parentNode.insertBefore(label, before); button.focus(); }
  });
  on("[data-picture]", function (button) {
    var table = document.querySelector(button.dataset.picture);
    if (table) draw(table, button.dataset.title || "", button.dataset.foot || "");
  });

  /* The table as it reads, on white, at twice the size so that it stays sharp in a chat. */
  function draw(table, title, foot) {
    var scale = 2, pad = 10, font = "14px " + getComputedStyle(document.body).fontFamily, bold = "600 " + font;
    var rows = Array.prototype.map.call(table.rows, function (row) {
      return Array.prototype.map.call(row.cells, function (cell) {
        return { text: cell.innerText.replace(/\s+/g, " ").trim(), right: cell.classList.contains("num"), head: cell.tagName === "TH", strong: row.classList.contains("total") };
      });
    });
    var canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), widths = [];
    rows.forEach(function (row) {
      row.forEach(function (cell, at) {
        pen.font = cell.head || cell.strong ? bold : font;
        widths[at] = Math.max(widths[at] || 40, Math.min(320, pen.measureText(cell.text).width + 2 * pad));
      });
    });
    pen.font = font;
    rows.forEach(function (row) { row.forEach(function (cell, at) { cell.lines = wrap(pen, cell.text, widths[at] - 2 * pad); }); });
    var heights = rows.map(function (row) { return Math.max.apply(null, row.map(function (cell) { return cell.lines.length; })) * 20 + 10; });
    var width = widths.reduce(function (a, b) { return a + b; }, 0) + 40, top = title ? 56 : 20;
    var height = top + heights.reduce(function (a, b) { return a + b; }, 0) + (foot ? 40 : 20);
    canvas.width = width * scale; canvas.height = height * scale;
    pen.scale(scale, scale);
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#1c2733"; pen.textBaseline = "middle";
    if (title) { pen.font = "600 20px " + getComputedStyle(document.body).fontFamily; pen.textAlign = "center"; pen.fillText(title, width / 2, 30); }
    var y = top;
    rows.forEach(function (row, r) {
      var x = 20;
      row.forEach(function (cell, at) {
        pen.fillStyle = cell.head ? "#e7f0f9" : cell.strong ? "#f3f5f8" : "#fff"; pen.fillRect(x, y, widths[at], heights[r]);
        pen.strokeStyle = "#b6c2ce"; pen.lineWidth = 0.7; pen.strokeRect(x, y, widths[at], heights[r]);
        pen.fillStyle = "#1c2733"; pen.font = cell.head || cell.strong ? bold : font;
        pen.textAlign = cell.right ? "right" : "left";
        cell.lines.forEach(function (line, n) { pen.fillText(line, cell.right ? x + widths[at] - pad : x + pad, y + 15 + n * 20); });
        x += widths[at];
      });
      y += heights[r];
    });
    if (foot) { pen.font = "12px " + getComputedStyle(document.body).fontFamily; pen.fillStyle = "#5a6a7a"; pen.textAlign = "left"; pen.fillText(foot, 20, y + 20); }
    canvas.toBlob(function (blob) {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(blob); link.download = (title || "table") + ".png";
      document.body.appendChild(link); link.click(); link.remove();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    }, "image/png");
  }
  function wrap(pen, text, width) {
    var lines = [], line = "";
    Array.from(text).forEach(function (sign) {
      if (line && pen.measureText(line + sign).width > width) { lines.push(line); line = ""; }
      line += sign;
    });
    lines.push(line);
    return lines;
  }
})();
