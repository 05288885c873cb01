/* The wall screen: full screen on demand; when the line is lost the last figures stay, marked as old. */
(function () {
  "use strict";
  luodi.on("click", "[data-full-screen]", function () {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  });
  function lost() {
    var sign = document.querySelector(".wall-lost");
    if (sign) sign.hidden = false;
  }
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:responseError", lost);
})();
