// At the end of each page of a pack or an archive, which is shut in: it tells our page around it where the reader is,
// prints when that page asks, and says of a link that leads out that it does.
(function () {
  "use strict";
  if (parent === window) { return; }
  var own = location.pathname.split("/").slice(0, 4).join("/") + "/";
  function tell(what) { parent.postMessage(what, "*"); }
  function here() { tell({ at: location.pathname + location.hash }); }
  here();
  addEventListener("hashchange", here);
  addEventListener("message", function (event) {
    if (event.source === parent && event.data === "print") { print(); }
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
})();
