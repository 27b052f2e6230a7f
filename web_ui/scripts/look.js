// What is chosen on the time bar shows here: larger text and contrast at once and in place, another language by a new page.
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
    return fetch(again()).then(function (answer) { return answer.text(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelectorAll(".wishes a.wish");
      document.querySelectorAll(".wishes a.wish").forEach(function (link, place) {
        if (!fresh[place]) { return; }
        ["class", "href", "aria-current"].forEach(function (name) {
          var value = fresh[place].getAttribute(name);
          if (value === null) { link.removeAttribute(name); } else { link.setAttribute(name, value); }
        });
      });
    });
  }
  function look() {
    if (busy || document.visibilityState !== "visible") { return; }
    busy = true;
    fetch("/look", { cache: "no-store" }).then(function (answer) { return answer.json(); }).then(function (now) {
      if (!same(now)) { return follow(now); }
    }).catch(function () {}).then(function () { busy = false; });
  }
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
})();
