/* One tick for all on the page. */
(function () {
  "use strict";
  luodi.on("change", "[data-pick-all]", function (e, all) {
    document.querySelectorAll("input[name=code][form=bulk]").forEach(function (one) { one.checked = all.checked; });
  });
})();
