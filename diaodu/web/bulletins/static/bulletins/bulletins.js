// A checked text: from mark to mark by the keys n and p, the remark beside it in sight.
(() => {
  "use strict";
  const marks = [...document.querySelectorAll("#paper .at")];
  const beside = document.querySelector(".beside");
  let at = -1;

  function show(place) {
    for (const old of document.querySelectorAll(".at.now, .card.now")) old.classList.remove("now");
    at = place;
    const mark = marks[at];
    const card = document.getElementById(mark.id.replace("m", "c"));
    mark.classList.add("now");
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
    if (!card) return;
    card.classList.add("now");
    if (beside && getComputedStyle(beside).position === "sticky") {
      beside.scrollTop = card.offsetTop - beside.offsetTop - 8;
    }
  }

  function step(by) {
    const next = at + by;
    if (next >= 0 && next < marks.length) {
      show(next);
      return;
    }
    const turn = document.querySelector(by > 0 ? 'a[rel="next"]' : 'a[rel="prev"]');
    if (turn) location.assign(`${turn.href}#${by > 0 ? "first" : "last"}`);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".at, .card h2 a");
    if (!link) return;
    const number = link.matches(".at") ? link.id.slice(1) : link.hash.slice(2);
    const place = marks.findIndex((mark) => mark.id === `m${number}`);
    if (place < 0) return;
    event.preventDefault();
    history.replaceState(history.state, "", link.matches(".at") ? `#c${number}` : `#m${number}`);
    show(place);
  });

  if (location.hash === "#first" && marks.length) show(0);
  else if (location.hash === "#last" && marks.length) show(marks.length - 1);
})();
