// What only a script can do for somebody who reads, watches or listens; every page works without it.
// Where the reader was is kept in the storage of the citizen's browser, which is wiped with the session, and sent nowhere.
(function () {
  "use strict";
  var main = document.querySelector("main[data-item]");
  if (!main) { return; }
  var view = main.dataset.view, key = "at:" + main.dataset.item;
  var before = kept();

  function one(name) { return document.querySelector("[data-" + name + "]"); }
  function kept() { try { return localStorage.getItem(key) || ""; } catch (_refused) { return ""; } }
  function keep(value) {
    try { if (value) { localStorage.setItem(key, value); } else { localStorage.removeItem(key); } } catch (_full) { return; }
  }
  function offer(act) {
    var button = one("continue");
    if (!button) { return; }
    button.hidden = false;
    if (typeof act === "string") { button.href = act; return; }
    button.addEventListener("click", function (event) { event.preventDefault(); button.hidden = true; act(); });
  }
  function show(name, seen) { var found = one(name); if (found) { found.hidden = !seen; } }

  // A page of text: how far down, as a share of its height, which stays right when the text grows.
  function height() { return document.documentElement.scrollHeight - innerHeight; }
  function scrolled(prefix) {
    var waiting = 0;
    addEventListener("scroll", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        var share = height() > 0 ? scrollY / height() : 0;
        keep(prefix || share > .05 ? prefix + "#" + share.toFixed(3) : "");
      }, 200);
    }, { passive: true });
  }
  function down(value) { scrollTo(0, parseFloat(value.split("#")[1] || "0") * height()); }

  function text() {
    if (before && !location.hash && parseFloat(before.slice(1)) > .05) { offer(function () { down(before); }); }
    scrolled("");
  }

  function book() {
    var found = /^#chapter=(\d+)$/.exec(location.hash), begin = one("begin");
    if (found) { location.replace(begin.href.replace(/chapter=\d+/, "chapter=" + found[1])); return; }
    var number = /^(\d+)#/.exec(before);
    if (number) {
      offer(begin.href.replace(/chapter=\d+/, "chapter=" + number[1]) + "#here");
      begin.classList.remove("main");
    }
  }
  function chapter() {
    var number = new URLSearchParams(location.search).get("chapter");
    if (location.hash === "#here" && before.indexOf(number + "#") === 0) { down(before); } else { keep(number + "#0"); }
    scrolled(number);
  }

  // Film and sound.
  function clock(second) {
    second = Math.floor(second);
    return Math.floor(second / 60) + ":" + String(second % 60).padStart(2, "0");
  }
  function sound() {
    var media = main.querySelector("video, audio"), waiting = 0, last = 0;
    var start = parseFloat(before);
    function go(second) { media.currentTime = second; media.play().catch(function () { return; }); }
    function hash() { var found = /^#t=([\d.]+)$/.exec(location.hash); if (found) { media.currentTime = parseFloat(found[1]); } }
    function broken() { show("broken", true); show("wait", false); show("controls", false); media.hidden = true; }
    media.addEventListener("error", broken);
    media.querySelector("source").addEventListener("error", broken);
    // It may have failed before this script began to listen.
    setTimeout(function () { if (media.networkState === media.NETWORK_NO_SOURCE) { broken(); } }, 1500);
    if (media.readyState >= 1) { hash(); } else { media.addEventListener("loadedmetadata", hash, { once: true }); }
    addEventListener("hashchange", hash);
    show("controls", true);
    if (start > 10 && !/[?&]t=/.test(location.search) && !location.hash) {
      offer(function () { go(start); });
      one("continue").querySelector("span").append(" (" + clock(start) + ")");
    }
    media.addEventListener("timeupdate", function () {
      if (Math.abs(media.currentTime - last) >= 2) { last = media.currentTime; keep(last.toFixed(1)); }
    });
    media.addEventListener("ended", function () { keep(""); });
    ["play", "pause", "ended"].forEach(function (name) {
      media.addEventListener(name, function () { main.classList.toggle("playing", !media.paused && !media.ended); });
    });
    media.addEventListener("waiting", function () {
      waiting = setTimeout(function () {
        var held = media.buffered.length ? media.buffered.end(media.buffered.length - 1) : 0;
        one("loaded").textContent = media.duration ? Math.round(100 * held / media.duration) + " %" : "";
        show("wait", true);
      }, 500);
    });
    ["playing", "canplay", "error"].forEach(function (name) {
      media.addEventListener(name, function () { clearTimeout(waiting); show("wait", false); });
    });
    var acts = {
      play: function () { if (media.paused) { media.play().catch(function () { return; }); } else { media.pause(); } },
      earlier: function () { media.currentTime = Math.max(0, media.currentTime - 10); },
      later: function () { media.currentTime = Math.min(media.duration || 0, media.currentTime + 10); },
      captions: function (button) {
        var track = media.textTracks[0], on = track.mode !== "showing";
        track.mode = on ? "showing" : "disabled";
        button.setAttribute("aria-pressed", String(on));
      },
      whole: function () { media.requestFullscreen().catch(function () { return; }); }
    };
    main.addEventListener("click", function (event) {
      var button = event.target.closest("[data-act]"), line = event.target.closest("[data-second]");
      if (button) { acts[button.dataset.act](button); }
      if (line) { event.preventDefault(); go(parseFloat(line.dataset.second)); }
    });
  }

  // Somebody else's page, or the browser's reader of PDFs, in a frame.
  function frame() {
    var stage = main.dataset, source = stage.source, prefix = stage.prefix, shut = stage.sandbox;
    var first = decodeURI(source.slice(prefix.length));
    if (location.hash.length > 1) {
      var rest = /#.*?&(.*)$/.exec(source) || /#(.*)$/.exec(source);
      source = source.split("#")[0] + location.hash + (!shut && rest ? "&" + rest[1] : "");
    }
    var holder = document.createElement("iframe"), slow = setTimeout(function () { show("wait", true); }, 400);
    holder.title = stage.title;
    if (shut) { holder.setAttribute("sandbox", shut); }
    holder.src = source;
    holder.className = "coming";
    holder.addEventListener("load", function () { clearTimeout(slow); show("wait", false); holder.className = ""; });
    main.append(holder);
    function base() { return "/items/" + stage.item + "/in/"; }
    if (shut && before && decodeURI(before) !== first && location.pathname.indexOf("/in/") < 0) {
      offer(base() + before + addition());
    }
    function addition() { return location.search.replace(/[?&]chapter=[^&]*/, ""); }
    addEventListener("message", function (event) {
      // A document inside it, which needs a frame without walls: only what lies under its own address is opened.
      var open = event.data && event.data.open;
      if (typeof open === "string" && open.indexOf(prefix) === 0 && open.length < 900) {
        location.assign(base() + open.slice(prefix.length) + "?again=1");
        return;
      }
      if (event.source !== holder.contentWindow || !event.data) { return; }
      show("out", event.data.out === true);
      if (event.data.at) { colours(); }
      var at = event.data.at;
      if (typeof at !== "string" || at.indexOf(prefix) !== 0 || at.length > 900) { return; }
      var place = at.slice(prefix.length), parts = place.split("#");
      keep(place);
      if (decodeURI(place) === first && location.pathname.indexOf("/in/") < 0) { return; }
      history.replaceState(null, "", base() + parts[0] + location.search + (parts[1] ? "#" + parts[1] : ""));
      document.querySelectorAll("a.wish").forEach(function (link) {
        var address = new URL(link.href);
        address.searchParams.set("to", base() + parts[0] + location.search);
        link.href = address.href;
      });
    });
    // High contrast reaches into the frame; of a PDF the black and the white change places (viewer.css).
    function colours() {
      var contrast = document.documentElement.classList.contains("contrast");
      holder.contentWindow.postMessage({ contrast: contrast }, "*");
    }
    if (shut) {
      new MutationObserver(colours).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    }
    return function () { holder.contentWindow.postMessage("print", "*"); };
  }

  var printing = function () { print(); };
  if (view === "text") { text(); }
  if (view === "book") { book(); }
  if (view === "chapter") { chapter(); }
  if (view === "sound") { sound(); }
  if (view === "pdf" || view === "inside") { printing = frame(); }
  var button = one("print");
  if (button) { button.hidden = false; button.addEventListener("click", function () { printing(); }); }
})();
