// What is chosen on the time bar shows here: larger text and contrast at once and in place, another language by a new page.
// When the Internet comes or goes, what lies there comes and goes too, without moving what somebody reads or writes.
(function () {
  "use strict";
  var page = document.documentElement, EVERY = 1500, busy = false;
  if (!("followed" in page.dataset) || !window.fetch) { return; }

  function same(look) {
    return look.lang === page.lang && look.large === page.classList.contains("large") &&
      look.contrast === page.classList.contains("contrast");
  }
  // This page once more, and not counted as opened twice.
  function again() {
    var address = new URL(location.href);
    if (/^\/(items|search)/.test(address.pathname)) { address.searchParams.set("again", "1"); }
    return address;
  }
  function follow(look) {
    if (look.lang !== page.lang) { location.replace(again()); return; }
    page.classList.toggle("large", look.large);
    page.classList.toggle("contrast", look.contrast);
    // The buttons above tell and do the other thing now.
    return fresh().then(function (made) {
      var wishes = made.querySelectorAll("a.wish");
      document.querySelectorAll("a.wish").forEach(function (link, place) {
        if (!wishes[place]) { return; }
        ["class", "href", "aria-current"].forEach(function (name) {
          var value = wishes[place].getAttribute(name);
          if (value === null) { link.removeAttribute(name); } else { link.setAttribute(name, value); }
        });
      });
    });
  }
  function fresh() {
    return fetch(again()).then(function (answer) { return answer.text(); }).then(function (text) {
      return new DOMParser().parseFromString(text, "text/html");
    });
  }
  function goOnline() {
    return fresh().then(function (made) {
      var old = document.querySelector("main"), now = made.querySelector("main");
      if (!old || !now) { return; }
      var held = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      var down = scrollY;
      old.replaceChildren.apply(old, Array.prototype.slice.call(now.childNodes));
      old.dataset.online = now.dataset.online;
      var again = held && old.querySelector('a[href="' + CSS.escape(held) + '"]');
      if (again) { again.focus({ preventScroll: true }); }
      scrollTo(0, down);
    });
  }
  function changed(now) {
    var main = document.querySelector("main[data-online]");
    return main && "online" in now && main.dataset.online !== String(Number(now.online));
  }
  function look() {
    if (busy || document.visibilityState !== "visible") { return; }
    busy = true;
    fetch("/look", { cache: "no-store" }).then(function (answer) { return answer.json(); }).then(function (now) {
      if (!same(now)) { return follow(now); }
      if (changed(now)) { return goOnline(); }
    }).catch(function () {}).then(function () { busy = false; });
  }
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
})();
