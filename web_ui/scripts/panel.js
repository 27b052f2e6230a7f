// Says so when the page has lost the computer: htmx alone would go on showing the last picture.
(function () {
  "use strict";
  function lost(is) {
    var line = document.getElementById("lost");
    if (line) { line.hidden = !is; }
  }
  document.addEventListener("htmx:afterRequest", function (event) {
    var status = event.detail.xhr ? event.detail.xhr.status : 0;
    lost(status === 0 || status >= 500);
  });
})();
