/* Files dropped on a form[data-drop] are sent at once, several together. Without this file its button does it. */
(function () {
  "use strict";
  document.querySelectorAll("form[data-drop]").forEach(function (form) {
    var input = form.querySelector("input[type=file]");
    function send() { if (input.files.length) form.submit(); }
    input.addEventListener("change", send);
    ["dragenter", "dragover"].forEach(function (name) {
      form.addEventListener(name, function (e) { e.preventDefault(); form.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      form.addEventListener(name, function () { form.classList.remove("over"); });
    });
    form.addEventListener("drop", function (e) {
      e.preventDefault();
      if (e.dataTransfer.files.length) { input.files = e.dataTransfer.files; send(); }
    });
  });
  // A file that misses the field must not replace the page and what was typed on it.
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (e) {
      if (e.dataTransfer && Array.prototype.indexOf.call(e.dataTransfer.types, "Files") >= 0) e.preventDefault();
    });
  });
})();
