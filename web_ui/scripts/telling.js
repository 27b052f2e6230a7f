// A page that is saved or, for who listens, printed: told in words at the foot of the page, and aloud to who listens.
// Chromium's own notice at the screen's edge is small; whether the file lies there is asked of the station.
(function () {
  "use strict";
  var telling = document.querySelector("[data-telling]"), EVERY = 500, LOOKS = 40, turn = 0;
  if (!telling || !window.fetch) { return; }
  function listens() { return Boolean(window.voice && window.voice.on); }
  function announce(name) {
    var voice = window.voice, aloud = name === "saved" && telling.dataset.home === "0" ? "saved_here" : name;
    telling.querySelector("span").textContent = telling.getAttribute("data-" + name) || voice.say(name).text;
    telling.dataset.is = name;
    telling.hidden = false;
    if (listens()) { voice.tell([voice.say(aloud)]); }
  }
  function files() {
    return fetch("/voice").then(function (answer) { return answer.json(); }).then(function (now) { return now.files; });
  }
  function save() {
    var mine = turn += 1, looks = 0;
    function failed() { if (mine === turn) { announce("not_saved"); } }
    announce("saving");
    files().then(function (before) {
      (function look() {
        setTimeout(function () {
          files().then(function (now) {
            looks += 1;
            if (mine !== turn) { return; }
            if (now > before) { announce("saved"); } else if (looks > LOOKS) { failed(); } else { look(); }
          }).catch(failed);
        }, EVERY);
      })();
    }).catch(failed);
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-save]")) { save(); }
    if (event.target.closest("[data-print]") && listens()) { announce(window.voice.direct ? "printing" : "print_asks"); }
  }, true);
})();
