// Says when the screen could not be brought up to date, and of when its figures are.
(() => {
  "use strict";
  const stale = document.getElementById("stale");
  const wall = document.getElementById("wall");
  const told = () => wall.querySelector("[data-told]").dataset.told;
  const say = (words) => {
    stale.textContent = words.replace("$时间", told());
    stale.hidden = false;
  };
  // Only what the wall itself asks for; a part of it that fails says nothing of the figures.
  const mine = (event) => event.detail.elt === wall;
  wall.addEventListener("htmx:sendError", (event) => mine(event) && say(stale.dataset.failed));
  wall.addEventListener("htmx:timeout", (event) => mine(event) && say(stale.dataset.failed));
  wall.addEventListener("htmx:responseError", (event) => {
    if (!mine(event)) return;
    say([401, 403].includes(event.detail.xhr.status) ? stale.dataset.ended : stale.dataset.failed);
  });
  wall.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === wall) stale.hidden = true;
  });
})();
