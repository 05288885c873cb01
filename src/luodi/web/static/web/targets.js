/* Adds the parts up as they are typed: in whole millionths, so that no amount is rounded on the way. */
(function () {
  "use strict";
  var PLACES = 6;

  function exact(text) {
    var found = /^(\d+)(?:\.(\d{0,6}))?$/.exec(text.replace(/[,，\s]/g, ""));
    return found ? BigInt(found[1] + (found[2] || "").padEnd(PLACES, "0")) : null;
  }
  function written(value) {
    var sign = value < 0n ? "-" : "";
    var digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, "0");
    var whole = digits.slice(0, -PLACES).replace(/\B(?=(\d{3})+$)/g, ",");
    var rest = digits.slice(-PLACES).replace(/0+$/, "");
    return sign + whole + (rest ? "." + rest : "");
  }
  function add(form) {
    var sum = 0n, typed = false;
    form.querySelectorAll("[data-part]").forEach(function (field) {
      var value = exact(field.value);
      field.classList.toggle("is-invalid", field.value.trim() !== "" && value === null);
      if (value !== null) { sum += value; typed = true; }
    });
    var whole = exact(form.querySelector("[data-whole]").value);
    form.querySelector("[data-sum]").textContent = typed ? written(sum) : "—";
    form.querySelector("[data-difference]").textContent = typed && whole !== null ? written(whole - sum) : "—";
    form.querySelector("[data-level]").hidden = !(typed && whole === sum);
  }
  luodi.on("input", "[data-sums] input", function (e, field) { add(field.form); });
  document.querySelectorAll("[data-sums]").forEach(add);
})();
