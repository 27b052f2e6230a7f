// Titles offered while somebody types in the search field: by keyboard (arrows, Enter, Esc) and by touch.
// Nothing here is needed: without it Enter or the button leads to the page of results.
(function () {
  "use strict";
  var field = document.getElementById("q");
  if (!field || !window.fetch || !window.AbortController) { return; }
  var list = document.createElement("ul");
  var asking = null, waiting = 0, chosen = -1, shown = "[]";
  list.id = "offers";
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.offers);
  field.closest("form").appendChild(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "offers");
  field.setAttribute("aria-expanded", "false");

  function choose(place) {
    var options = list.children;
    chosen = options.length ? (place + options.length + 1) % (options.length + 1) : 0;
    if (chosen === options.length) { chosen = -1; }
    for (var n = 0; n < options.length; n += 1) { options[n].setAttribute("aria-selected", String(n === chosen)); }
    if (chosen < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function show(titles) {
    var these = JSON.stringify(titles);
    if (these === shown) { return; }
    shown = these;
    list.replaceChildren();
    titles.forEach(function (one, place) {
      var option = document.createElement("li");
      option.id = "offer-" + place;
      option.lang = one.language;
      option.textContent = one.title;
      option.dataset.address = one.address;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      list.appendChild(option);
    });
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = titles.length === 0;
    field.setAttribute("aria-expanded", String(titles.length > 0));
  }

  function open(option) {
    location.assign(option.dataset.address + "?back=" + encodeURIComponent(location.pathname + location.search));
  }

  function ask() {
    var text = field.value.trim();
    if (asking) { asking.abort(); }
    if (text.length < 2) { show([]); return; }
    asking = new AbortController();
    fetch("/suggest?q=" + encodeURIComponent(text), { signal: asking.signal }).then(function (answer) {
      return answer.ok ? answer.json() : [];
    }).then(function (titles) {
      if (field.value.trim() === text && document.activeElement === field) { show(titles); }
    }).catch(function () { return null; });
  }

  field.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", function (event) {
    if (event.isComposing || list.hidden) { return; }
    if (event.key === "ArrowDown") { choose(chosen + 1); }
    else if (event.key === "ArrowUp") { choose(chosen - 1); }
    else if (event.key === "Escape") { show([]); }
    else if (event.key === "Enter" && chosen >= 0) { open(list.children[chosen]); }
    else { return; }
    event.preventDefault();
  });
  // The field must keep the focus while an offer is touched, or the list would be gone before the finger is up.
  list.addEventListener("pointerdown", function (event) { event.preventDefault(); });
  list.addEventListener("click", function (event) {
    var option = event.target.closest("li");
    if (option) { open(option); }
  });
  field.addEventListener("blur", function () { show([]); });
})();
