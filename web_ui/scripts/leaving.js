// Tells in time that one will be signed out, and lets one stay without losing what was typed. Other pages of the same
// browser count too, so the server is asked before anything is said. Typing counts as being there.
(function () {
  "use strict";
  var WARN = 120, TOLD_EVERY = 60, AGAIN = 20;
  var box = document.getElementById("leaving");
  if (!box || !window.fetch) { return; }
  var timer = 0, told = Date.now();

  function after(seconds, work) {
    window.clearTimeout(timer);
    timer = window.setTimeout(work, Math.max(1, seconds) * 1000);
  }
  function show(left) {
    box.hidden = left > WARN;
    after(left > WARN ? left - WARN : left + 1, ask);
  }
  function heard(answer) {
    // A stranger is sent to the sign-in page: so are we.
    if (answer.type === "opaqueredirect") { window.location.assign("/sign-in?left=1"); return null; }
    return answer.json().then(function (said) { show(said.left); });
  }
  function ask() {
    fetch("/leaving", { redirect: "manual" }).then(heard).catch(function () { after(AGAIN, ask); });
  }
  function stay() {
    told = Date.now();
    fetch("/stay", { method: "POST", redirect: "manual" }).then(ask, ask);
  }
  box.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    stay();
  });
  document.addEventListener("input", function () {
    if (Date.now() - told > TOLD_EVERY * 1000) { stay(); }
  });
  show(Number(box.dataset.left));
})();
