// The menu by ear: says what has the focus, what may be chosen, and walks through a text piece by piece.
// The station has it said (POST /voice); here is only what is said when. Without this script /listen does the same.
// Nothing of it listens to a key before somebody has asked to have pages read aloud.
(function () {
  "use strict";
  var words = document.getElementById("voice");
  if (!words || !window.fetch) { return; }
  var on = words.dataset.on === "1", language = document.documentElement.lang;
  var main = document.querySelector("main"), listen = document.querySelector("[data-listen]");
  var LONGEST = 2800, LABEL = 160, PIECE = 420, LOOK = 250;

  // Words of ours, with their fields.
  function say(name, fields) {
    var text = words.getAttribute("data-say-" + name) || "";
    Object.keys(fields || {}).forEach(function (key) { text = text.replace("{" + key + "}", fields[key]); });
    return { lang: language, text: text };
  }
  function flat(text) { return (text || "").replace(/\s+/g, " ").trim(); }
  function stopped(text) { return /[.!?:]$/.test(flat(text)) ? flat(text) : flat(text) + "."; }
  function tongue(element) { var near = element.closest("[lang]"); return near ? near.lang : language; }

  // One voice: what is said now replaces what was said before. `turn` counts, so that late answers are known as such.
  var turn = 0, speaking = false, said = 0, unwanted = 0, last = [];
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
    if (!then) { last = parts; }
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

  // Things: all that can have the focus, the page's own before what stands above it.
  function seen(element) { return element.getClientRects().length > 0 && !element.closest("[data-reading]"); }
  function things() {
    var kinds = "a[href], button, input:not([type=hidden]), summary, video, audio, select, textarea";
    var inside = main ? Array.from(main.querySelectorAll(kinds)) : [];
    var above = Array.from(document.querySelectorAll(kinds)).filter(function (one) { return !main || !main.contains(one); });
    return inside.concat(above).filter(seen);
  }
  function choices() {
    var marked = Array.from(document.querySelectorAll(".slim [data-listen], main .buttons > .button, main .pages a"));
    var listed = Array.from(document.querySelectorAll("main .tile:is(a, button), main .turn a, main .chips .button"));
    var item = main && main.dataset.item;
    if (item && listen && !marked.includes(listen)) { marked.unshift(listen); }
    return marked.concat(listed).filter(seen);
  }
  function label(thing) {
    var title = thing.querySelector("b"), text = thing.getAttribute("aria-label");
    if (thing.tagName === "INPUT") { text = thing.getAttribute("aria-label") || thing.placeholder; }
    return flat(text || (title || thing).innerText || thing.title).slice(0, LABEL);
  }
  function titled(thing) { return { lang: tongue(thing.querySelector("b[lang]") || thing), text: label(thing) }; }
  function kind(thing) {
    if (thing.tagName === "INPUT" || thing.tagName === "TEXTAREA") { return say("field").text; }
    return say(thing.tagName === "A" ? "link" : "button").text;
  }
  function described(thing) {
    var all = things(), more = thing.querySelector(".kind, .summary");
    var facts = [kind(thing)];
    if (thing.getAttribute("aria-current")) { facts.push(say("on_now").text); }
    facts.push(say("place", { n: all.indexOf(thing) + 1, all: all.length }).text);
    var parts = [titled(thing), { lang: language, text: facts.join(", ") + "." }];
    if (more) { parts.push({ lang: tongue(more), text: more.innerText }); }
    if (thing.id === "q") { parts.push(say("write")); }
    return parts;
  }
  function move(step) {
    var all = things(), now = all.indexOf(document.activeElement);
    if (!all.length) { return; }
    var next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    tell(described(next));
  }
  function choose(number) {
    var thing = choices()[number - 1];
    if (!thing) { tell([say("none")]); return; }
    thing.focus();
    thing.click();
  }

  // What a page says when it comes.
  function greeting() {
    var heading = document.querySelector("h1"), lead = main && main.querySelector(".lead, .empty, [role=status]:not([hidden])");
    var parts = [{ lang: heading ? tongue(heading) : language, text: stopped(heading ? heading.innerText : document.title) }];
    if (lead) { parts.push({ lang: tongue(lead), text: lead.innerText }); }
    var all = choices();
    all.slice(0, 9).forEach(function (thing, place) {
      parts.push({ lang: language, text: (place + 1) + ":" }, titled(thing));
    });
    if (all.length > 9) { parts.push(say("more", { n: all.length - 9 })); }
    return parts;
  }
  function arrive() {
    var first = false;
    try { first = !sessionStorage.getItem("told"); sessionStorage.setItem("told", "1"); } catch (_refused) { first = true; }
    tell(greeting().concat([say(first ? "help" : "brief")]));
  }

  // Reading a text: its pieces, in order.
  var SILENT = "nav, .buttons, .pages, .player, .subject, .source, [role=status], [data-reading], button, script, style";
  var pieces = null, at = 0, paused = false, tools = document.querySelector("[data-reading]");
  function cut(text) {
    var found = [], held = "";
    (text.match(/[^.!?…;]+[.!?…;]*\s*/g) || [text]).forEach(function (sentence) {
      if (held && held.length + sentence.length > PIECE) { found.push(held); held = ""; }
      held += sentence;
    });
    return found.concat(held ? [held] : []);
  }
  // Every word of the text, by the block in which it stands.
  function gather() {
    var text = main.querySelector("article") || main, found = [], last = null, node;
    if (main.dataset.recorded) {
      return [{ element: text.querySelector("h1") || text, lang: tongue(text), text: document.title, name: main.dataset.recorded }];
    }
    // Pictures by what stands for them.
    var walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while ((node = walker.nextNode())) {
      var data = node.nodeType === 3 ? node.data : node.tagName === "IMG" ? node.alt : "";
      var near = node.parentElement, block = near, lang = tongue(near);
      if (!flat(data) || near.closest(SILENT) || !near.getClientRects().length) { continue; }
      while (block !== text && /^inline/.test(getComputedStyle(block).display)) { block = block.parentElement; }
      if (last && last.element === block && last.lang === lang) { last.text += " " + data; continue; }
      last = { element: block, lang: lang, text: data };
      found.push(last);
    }
    return found.reduce(function (all, one) {
      return all.concat(cut(flat(one.text)).map(function (piece) { return { element: one.element, lang: one.lang, text: piece }; }));
    }, []);
  }
  function mark(piece) {
    document.querySelectorAll(".spoken").forEach(function (one) { one.classList.remove("spoken"); });
    if (piece) { piece.element.classList.add("spoken"); piece.element.scrollIntoView({ block: "center" }); }
  }
  function read(place) {
    if (place >= pieces.length) { end("end"); return; }
    at = Math.max(0, place);
    paused = false;
    show();
    mark(pieces[at]);
    tell([{ lang: pieces[at].lang, text: pieces[at].text, name: pieces[at].name || "" }], function (whole) {
      if (!pieces) { return; }
      if (whole) { read(at + 1); } else { paused = true; show(); }
    });
  }
  function begin() {
    pieces = gather();
    if (!pieces.length) { end(""); tell(greeting()); return; }
    read(0);
  }
  function end(name) {
    pieces = null;
    mark(null);
    show();
    if (name) { tell([say(name)].concat(offers())); } else { hush(); }
  }
  // By hand: who asks for silence means the next pages too, unless they came by ear.
  function stop() {
    end("");
    if (words.dataset.direct !== "1") { on = false; ask("/voice/off"); }
  }
  function offers() {
    return choices().slice(0, 9).reduce(function (parts, thing, place) {
      return parts.concat([{ lang: language, text: (place + 1) + ":" }, titled(thing)]);
    }, []);
  }
  function pause() {
    if (paused) { read(at); return; }
    paused = true;
    show();
    tell([say("paused")], function () { return; });
  }
  function show() {
    if (tools) { tools.hidden = !pieces; tools.classList.toggle("playing", Boolean(pieces) && !paused); }
    button();
  }
  var reads = main && (main.dataset.view === "text" || main.dataset.view === "chapter" || main.dataset.view === "plain");

  // The button Listen: reads a text, and on other pages has them all read aloud, until it is touched again.
  function button() {
    if (!listen || listen.dataset.listen === "away") { return; }
    var stops = reads ? Boolean(pieces) : on, text = stops ? listen.dataset.stop : listen.dataset.start;
    listen.querySelector("span").textContent = text;
    listen.setAttribute("aria-label", text);
    listen.title = text;
    listen.classList.toggle("on", stops);
    if (stops) { listen.setAttribute("aria-current", "true"); } else { listen.removeAttribute("aria-current"); }
  }
  function turn_on() {
    if (on) { return Promise.resolve(); }
    on = true;
    return ask("/voice/on").catch(function () { return; });
  }
  if (listen) {
    listen.addEventListener("click", function (event) {
      event.preventDefault();
      if (listen.dataset.listen === "away") {
        var inside = /^(\/items\/[^/]+\/[^/]+)\/in\/(.*)$/.exec(location.pathname);
        var address = inside ? inside[1] + "/listen/" + inside[2] : new URL(listen.href).pathname;
        turn_on().then(function () { location.assign(address + "?read=1"); });
      } else if (reads) {
        if (pieces) { stop(); return; }
        turn_on().then(begin);
      } else if (on) {
        on = false;
        hush();
        ask("/voice/off").then(function () { button(); });
      } else {
        turn_on().then(function () { button(); arrive(); });
      }
    });
  }
  var acts = {
    before: function () { read(at - 1); }, after: function () { read(at + 1); },
    pause: pause, stop: stop
  };
  document.addEventListener("click", function (event) {
    var tool = event.target.closest("[data-read]");
    if (tool && pieces) { acts[tool.dataset.read](); }
  });

  // Printing and saving, told as they go.
  var telling = document.querySelector("[data-telling]");
  function announce(name) {
    if (telling) { telling.textContent = say(name).text; telling.hidden = false; }
    if (on) { tell([say(name)]); }
  }
  document.addEventListener("click", function (event) {
    if (on && event.target.closest("[data-print]")) { announce(words.dataset.direct === "1" ? "printing" : "print_asks"); }
    if (event.target.closest("[data-save]")) { saving(); }
  }, true);
  function saving() {
    announce("saving");
    fetch("/voice").then(function (answer) { return answer.json(); }).then(function (before) {
      var looks = 0;
      (function look() {
        setTimeout(function () {
          fetch("/voice").then(function (answer) { return answer.json(); }).then(function (now) {
            looks += 1;
            if (now.files > before.files) { announce("saved"); } else if (looks > 40) { announce("not_saved"); } else { look(); }
          }).catch(function () { announce("not_saved"); });
        }, 500);
      })();
    }).catch(function () { announce("not_saved"); });
  }

  // Keys, once somebody listens.
  function writes(target) { return target.matches("textarea, input:not([type=button], [type=submit])"); }
  function back() {
    var way = document.querySelector("a.way, .slim > a:first-child");
    if (way) { way.click(); } else { tell([say("first")]); }
  }
  function field_key(event) {
    if (event.key === "Escape") { event.target.blur(); tell(greeting()); return true; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setTimeout(function () {
        var offer = document.getElementById(event.target.getAttribute("aria-activedescendant") || "-");
        if (offer) { tell([say("found", { label: "" }), { lang: tongue(offer), text: offer.textContent }]); }
      }, 0);
      return false;
    }
    if (event.key === " ") {
      setTimeout(function () { tell([say("typed", { text: event.target.value })]); }, 0);
    } else if (event.key !== "Tab") {
      hush();
    }
    return false;
  }
  var keys = {
    " ": function () { if (pieces) { pause(); } else { tell(last.length ? last.slice() : greeting()); } },
    "Escape": function () { if (pieces) { end("stopped"); } else { hush(); back(); } },
    "ArrowRight": function () { if (pieces) { read(at + 1); } else { move(1); } },
    "ArrowLeft": function () { if (pieces) { read(at - 1); } else { move(-1); } },
    "ArrowDown": function () { if (pieces) { read(at + 1); } else { move(1); } },
    "ArrowUp": function () { if (pieces) { read(at - 1); } else { move(-1); } },
    "0": function () { tell([say(pieces ? "keys" : "help"), say("outside")]); if (pieces) { paused = true; show(); } }
  };
  document.addEventListener("keydown", function (event) {
    if (!on || event.isComposing || event.altKey || event.metaKey) { return; }
    if (event.ctrlKey) { hush(); return; }
    if (writes(event.target) && event.key !== "Tab") {
      if (field_key(event)) { event.preventDefault(); }
      return;
    }
    if (event.key === "Tab") {
      if (pieces) { end(""); }
      move(event.shiftKey ? -1 : 1);
    } else if (/^[1-9]$/.test(event.key)) {
      choose(Number(event.key));
    } else if (keys[event.key]) {
      keys[event.key]();
    } else {
      if (event.key !== "Shift") { hush(); }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("pointerdown", function (event) {
    if (on && !event.target.closest("[data-reading], [data-listen]")) { hush(); }
  }, true);
  // Who goes to another window or page does not leave a voice behind.
  function leave() { if (speaking) { if (pieces) { paused = true; show(); } hush(); } }
  addEventListener("blur", function () { setTimeout(function () { if (!document.hasFocus()) { leave(); } }, 50); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) { leave(); } });
  addEventListener("pagehide", leave);

  button();
  // A browser passes no key to a page before it has painted it: nobody shall be told of keys that do nothing yet.
  function painted(then) { requestAnimationFrame(function () { requestAnimationFrame(function () { setTimeout(then, 100); }); }); }
  if (on) {
    painted(function () {
      if (turn || !on) { return; }
      if (reads && /[?&]read=1/.test(location.search)) { begin(); } else { arrive(); }
    });
  }
})();
