// A text read aloud piece by piece: from the beginning, with a pause, on and back; what is read is marked.
(function () {
  "use strict";
  var voice = window.voice, main = document.querySelector("main"), PIECE = 420;
  if (!voice || !main) { return; }
  // What voice_page.js puts here: greeting(), offers(), button().
  var page = {};
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
      return [{ element: text.querySelector("h1") || text, lang: voice.tongue(text), text: document.title, name: main.dataset.recorded }];
    }
    // Pictures by what stands for them.
    var walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while ((node = walker.nextNode())) {
      var data = node.nodeType === 3 ? node.data : node.tagName === "IMG" ? node.alt : "";
      var near = node.parentElement, block = near, lang = voice.tongue(near);
      if (!voice.flat(data) || near.closest(SILENT) || !near.getClientRects().length) { continue; }
      while (block !== text && /^inline/.test(getComputedStyle(block).display)) { block = block.parentElement; }
      if (last && last.element === block && last.lang === lang) { last.text += " " + data; continue; }
      last = { element: block, lang: lang, text: data };
      found.push(last);
    }
    return found.reduce(function (all, one) {
      return all.concat(cut(voice.flat(one.text)).map(function (piece) { return { element: one.element, lang: one.lang, text: piece }; }));
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
    voice.tell([{ lang: pieces[at].lang, text: pieces[at].text, name: pieces[at].name || "" }], function (whole) {
      if (!pieces) { return; }
      if (whole) { read(at + 1); } else { paused = true; show(); }
    });
  }
  function begin() {
    pieces = gather();
    if (!pieces.length) { end(""); voice.tell(page.greeting()); return; }
    read(0);
  }
  function end(name) {
    pieces = null;
    mark(null);
    show();
    if (name) { voice.tell([voice.say(name)].concat(page.offers())); } else { voice.hush(); }
  }
  function pause() {
    if (paused) { read(at); return; }
    paused = true;
    show();
    voice.tell([voice.say("paused")], function () { return; });
  }
  function show() {
    if (tools) { tools.hidden = !pieces; tools.classList.toggle("playing", Boolean(pieces) && !paused); }
    page.button();
  }
  // Silence that the listener wished, without losing the place.
  function rest() {
    if (pieces) { paused = true; show(); }
    voice.hush();
  }

  voice.reading = {
    page: page, texts: ["text", "chapter", "plain"].includes(main.dataset.view), begin: begin, end: end, pause: pause, rest: rest,
    active: function () { return Boolean(pieces); },
    hold: function () { if (pieces) { paused = true; show(); } },
    on: function () { read(at + 1); }, back: function () { read(at - 1); }
  };
})();
