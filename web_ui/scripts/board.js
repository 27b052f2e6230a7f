// On a phone the tab of this page is brought into sight; a button prints. Without scripts all of it works by hand.
"use strict";

document.querySelector(".tab[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
