// At the end of each page of a pack or an archive, which is shut in: it tells our page around it where the reader is,
// prints and turns to high contrast when that page asks, and says of a link that leads out that it does.
(function () {
  "use strict";
  if (parent === window) { return; }
  var own = location.pathname.split("/").slice(0, 4).join("/") + "/";
  function tell(what) { parent.postMessage(what, "*"); }
  function here() { tell({ at: location.pathname + location.hash }); }
  addEventListener("hashchange", here);
  var dark = document.createElement("style");
  dark.textContent = "@media screen { html, html * { color: #fff !important; background-color: #000 !important; " +
    "background-image: none !important; border-color: #fff !important; text-shadow: none !important; " +
    "box-shadow: none !important; } html a[href], html a[href] * { color: #ffd60a !important; text-decoration: " +
    "underline !important; } html :is(img, picture, video, canvas, svg, svg *) { background-color: #fff !important; } " +
    "html svg * { background-color: transparent !important; } html :is(button, input, select, textarea, summary) { " +
    "border: 3px solid #fff !important; } html :focus-visible { outline: 4px solid #ffd60a !important; } }";
  addEventListener("message", function (event) {
    if (event.source !== parent || !event.data) { return; }
    if (event.data === "print") { print(); }
    if (event.data.contrast === true) { document.documentElement.append(dark); }
    if (event.data.contrast === false) { dark.remove(); }
  });
  addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    if (!link || !/^https?:$/.test(link.protocol)) { return; }
    if (link.origin !== location.origin || link.pathname.indexOf(own) !== 0) {
      event.preventDefault();
      tell({ out: true });
    } else if (link.target) {
      link.target = "_self";
    }
  }, true);
  here();  // last: the page around it answers with how it is to be shown
})();
