// The menu by ear: says what a page has, what the focus reaches and what may be chosen, and obeys a few keys.
// Nothing of it listens to a key before somebody has asked to have pages read aloud. Without scripts /listen does the same.
(function () {
  "use strict";
  var voice = window.voice, reading = voice && voice.reading;
  if (!reading) { return; }
  var say = voice.say, tell = voice.tell, tongue = voice.tongue, language = voice.language, LABEL = 160;
  var main = document.querySelector("main"), listen = document.querySelector("[data-listen]"), reads = reading.texts;

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
    if (item && reads && listen) { marked.unshift(listen); }
    return marked.concat(listed).filter(seen);
  }
  function label(thing) {
    var title = thing.querySelector("b"), text = thing.getAttribute("aria-label");
    if (thing.tagName === "INPUT") { text = thing.getAttribute("aria-label") || thing.placeholder; }
    return voice.flat(text || (title || thing).innerText || thing.title).slice(0, LABEL);
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
    var parts = [{ lang: heading ? tongue(heading) : language, text: voice.stopped(heading ? heading.innerText : document.title) }];
    if (lead) { parts.push({ lang: tongue(lead), text: lead.innerText }); }
    var all = choices();
    parts = parts.concat(offers());
    if (all.length > 9) { parts.push(say("more", { n: all.length - 9 })); }
    return parts;
  }
  function arrive() {
    var first = false;
    try { first = !sessionStorage.getItem("told"); sessionStorage.setItem("told", "1"); } catch (_refused) { first = true; }
    tell(greeting().concat([say(first ? "help" : "brief")]));
  }
  function offers() {
    return choices().slice(0, 9).reduce(function (parts, thing, place) {
      return parts.concat([{ lang: language, text: (place + 1) + ":" }, titled(thing)]);
    }, []);
  }

  // The button Listen: reads a text, and on other pages has them all read aloud, until it is touched again.
  function button() {
    if (!listen || listen.dataset.listen === "away") { return; }
    var stops = reads ? reading.active() : voice.on, text = stops ? listen.dataset.stop : listen.dataset.start;
    listen.querySelector("span").textContent = text;
    listen.setAttribute("aria-label", text);
    listen.title = text;
    listen.classList.toggle("on", stops);
    if (stops) { listen.setAttribute("aria-current", "true"); } else { listen.removeAttribute("aria-current"); }
  }
  function turn_on() {
    if (voice.on) { return Promise.resolve(); }
    voice.on = true;
    return voice.ask("/voice/on").catch(function () { return; });
  }
  if (listen) {
    listen.addEventListener("click", function (event) {
      event.preventDefault();
      if (listen.dataset.listen === "away") {
        var inside = /^(\/items\/[^/]+\/[^/]+)\/in\/(.*)$/.exec(location.pathname);
        var address = inside ? inside[1] + "/listen/" + inside[2] : new URL(listen.href).pathname;
        turn_on().then(function () { location.assign(address + "?read=1"); });
      } else if (reads) {
        if (reading.active()) { stop(); return; }
        turn_on().then(reading.begin);
      } else if (voice.on) {
        voice.on = false;
        voice.hush();
        voice.ask("/voice/off").then(function () { button(); });
      } else {
        turn_on().then(function () { button(); arrive(); });
      }
    });
  }
  // By hand: who asks for silence means the next pages too, unless they came by ear.
  function stop() {
    reading.end("");
    if (!voice.direct) { voice.on = false; voice.ask("/voice/off"); }
  }
  var acts = {
    before: reading.back, after: reading.on, pause: reading.pause, stop: stop
  };
  document.addEventListener("click", function (event) {
    var tool = event.target.closest("[data-read]");
    if (tool && reading.active()) { acts[tool.dataset.read](); }
  });

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
      voice.hush();
    }
    return false;
  }
  function forward() { if (reading.active()) { reading.on(); } else { move(1); } }
  function backward() { if (reading.active()) { reading.back(); } else { move(-1); } }
  var keys = {
    " ": function () { if (reading.active()) { reading.pause(); } else { tell(voice.last.length ? voice.last.slice() : greeting()); } },
    "Escape": function () { if (reading.active()) { reading.end("stopped"); } else { voice.hush(); back(); } },
    "ArrowRight": forward, "ArrowDown": forward, "ArrowLeft": backward, "ArrowUp": backward,
    "0": function () { reading.hold(); tell([say(reading.active() ? "keys" : "help"), say("outside")]); }
  };
  document.addEventListener("keydown", function (event) {
    if (!voice.on || event.isComposing || event.altKey || event.metaKey) { return; }
    if (event.ctrlKey) { reading.rest(); return; }
    if (writes(event.target) && event.key !== "Tab") {
      if (field_key(event)) { event.preventDefault(); }
      return;
    }
    if (event.key === "Tab") {
      if (reading.active()) { reading.end(""); }
      move(event.shiftKey ? -1 : 1);
    } else if (/^[1-9]$/.test(event.key)) {
      reading.hold();
      choose(Number(event.key));
    } else if (keys[event.key]) {
      keys[event.key]();
    } else {
      if (event.key !== "Shift") { reading.rest(); }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("pointerdown", function (event) {
    if (voice.on && !event.target.closest("[data-reading], [data-listen]")) { reading.rest(); }
  }, true);
  // Who goes to another window or page does not leave a voice behind.
  function leave() { if (voice.speaking()) { reading.rest(); } }
  addEventListener("blur", function () { setTimeout(function () { if (!document.hasFocus()) { leave(); } }, 50); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) { leave(); } });
  addEventListener("pagehide", leave);

  Object.assign(reading.page, { greeting: greeting, offers: offers, button: button });
  button();
  // A browser passes no key to a page before it has painted it: nobody shall be told of keys that do nothing yet.
  function painted(then) { requestAnimationFrame(function () { requestAnimationFrame(function () { setTimeout(then, 100); }); }); }
  if (voice.on) {
    painted(function () {
      if (voice.begun() || !voice.on) { return; }
      if (reads && /[?&]read=1/.test(location.search)) { reading.begin(); } else { arrive(); }
    });
  }
})();
