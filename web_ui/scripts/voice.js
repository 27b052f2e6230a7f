// One voice for the pages of the menu: what is said now replaces what was said before (POST /voice), and silence is at once.
// `window.voice` is used by voice_reading.js, which walks through a text, and voice_page.js, which walks through a page.
(function () {
  "use strict";
  var words = document.getElementById("voice");
  if (!words || !window.fetch) { return; }
  var language = document.documentElement.lang, LONGEST = 2800, LOOK = 250;

  // Words of ours, with their fields.
  function say(name, fields) {
    var text = words.getAttribute("data-say-" + name) || "";
    Object.keys(fields || {}).forEach(function (key) { text = text.replace("{" + key + "}", fields[key]); });
    return { lang: language, text: text };
  }
  function flat(text) { return (text || "").replace(/\s+/g, " ").trim(); }
  function stopped(text) { return /[.!?:]$/.test(flat(text)) ? flat(text) : flat(text) + "."; }
  function tongue(element) { var near = element.closest("[lang]"); return near ? near.lang : language; }

  // `turn` counts what was said, so that late answers are known as such.
  var turn = 0, speaking = false, said = 0, unwanted = 0;
  function ask(path, body) {
    var how = { method: "POST", keepalive: true };
    if (body !== undefined) { how.body = JSON.stringify(body); how.headers = { "Content-Type": "application/json" }; }
    return fetch(path, how);
  }
  function tell(parts, then) {
    var mine = turn += 1, left = LONGEST;
    parts = parts.filter(function (part) {
      part.text = flat(part.text).slice(0, left);
      left -= part.text.length;
      return part.text;
    }).slice(0, 40);
    if (!parts.length) { return; }
    if (!then) { voice.last = parts; }
    speaking = true;
    said = 0;
    send(parts, mine, then);
  }
  // One request at a time, so that none overtakes another; of those that wait, only the last is still wanted.
  var sending = false, waiting = null;
  function send(parts, mine, then) {
    if (sending) { waiting = [parts, mine, then]; return; }
    sending = true;
    ask("/voice", parts).then(function (answer) { return answer.json(); }).then(function (told) {
      if (mine === turn) { said = told.number; follow(mine, told.number, then); }
      else if (mine === unwanted) { ask("/voice/hush", told.number); }
    }).catch(function () { if (mine === turn) { speaking = false; } }).then(function () {
      var now = waiting;
      sending = false;
      waiting = null;
      if (now && now[1] === turn) { send.apply(null, now); }
    });
  }
  function follow(mine, number, then) {
    setTimeout(function () {
      if (mine !== turn) { return; }
      fetch("/voice").then(function (answer) { return answer.json(); }).then(function (now) {
        if (mine !== turn) { return; }
        if (number && now.number === number && now.speaking) { follow(mine, number, then); return; }
        speaking = false;
        if (then) { then(number && now.number === number && now.whole); }
      }).catch(function () { speaking = false; });
    }, LOOK);
  }
  function hush() {
    // Only these words: the next page may have begun to speak. Their number may not have come yet.
    if (speaking && said) { ask("/voice/hush", said); } else if (speaking) { unwanted = turn; }
    speaking = false;
    turn += 1;
  }

  // `direct`: the session came by ear. `on`: pages are read aloud by themselves.
  var voice = window.voice = {
    on: words.dataset.on === "1", direct: words.dataset.direct === "1", language: language, last: [],
    say: say, flat: flat, stopped: stopped, tongue: tongue, ask: ask, tell: tell, hush: hush,
    speaking: function () { return speaking; }, begun: function () { return turn > 0; }
  };
})();
