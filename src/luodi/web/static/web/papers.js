/* A paper takes a few seconds: the card says that it runs until the file has arrived (its answer sets a cookie with the form's mark). */
(function () {
  "use strict";
  window.luodi.on("submit", "form.paper", function (e, form) {
    if (form.classList.contains("busy")) { e.preventDefault(); return; }
    var mark = String(Date.now()), runs = form.querySelector(".runs"), waited = 0;
    form.querySelector("[name=mark]").value = mark;
    form.classList.add("busy");
    runs.hidden = false;
    var timer = setInterval(function () {
      waited += 1;
      if (document.cookie.indexOf("luodi-paper=" + mark) >= 0 || waited > 240) {
        clearInterval(timer);
        form.classList.remove("busy");
        runs.hidden = true;
      }
    }, 500);
  });
})();
