// A page that is saved or, for who listens, printed: told in words at the foot of the page, and aloud to who listens.
// Chromium's own notice at the screen's edge is small; whether the file lies there is asked of the station.
(function () {
  "use strict";
  var telling = document.querySelector("[data-telling]"), EVERY = 500, LOOKS = 40, turn = 0, counted = false;
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
  // The files are counted before the saving begins: on a slow PC the new one could else be among them already.
  function save(link) {
    var mine = turn += 1, looks = 0;
    function failed() { if (mine === turn) { announce("not_saved"); } }
    function begin() { counted = true; link.click(); counted = false; }
    announce("saving");
    files().then(function (before) {
      begin();
      (function look() {
        setTimeout(function () {
          files().then(function (now) {
            looks += 1;
            if (mine !== turn) { return; }
            if (now > before) { announce("saved"); } else if (looks > LOOKS) { failed(); } else { look(); }
          }).catch(failed);
        }, EVERY);
      })();
    }, function () { begin(); failed(); });
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-save]");
    if (link && !counted) { event.preventDefault(); save(link); }
    if (event.target.closest("[data-print]") && listens()) { announce(window.voice.direct ? "printing" : "print_asks"); }
  }, true);
})();
