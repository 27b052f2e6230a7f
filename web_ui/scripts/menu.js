// Nothing here is needed to read or to open anything; it keeps the browser tidy.
// 1. "Menu" on the time bar opens this page in a new tab: an older one that nobody has used closes itself. (A browser
//    lets a page close its own tab only while nothing was opened in it; what a citizen reads is never closed.)
// 2. A program's tile starts it without a step in this tab's history, so that rule 1 still holds.
(function () {
  "use strict";
  if ("BroadcastChannel" in window) {
    var menus = new BroadcastChannel("menus");
    menus.onmessage = function () {
      if (history.length === 1) { window.close(); }
    };
    menus.postMessage("opened");
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    event.preventDefault();
    fetch(form.action, { method: "POST", redirect: "follow" }).then(function (answer) {
      if (!answer.ok) { throw answer; }
      location.replace(answer.url);
    }).catch(function () { form.submit(); });
  });
})();
