// The box that finds names: ↑ ↓ walk what was found, Enter opens it (or all that was found), Esc closes.
(() => {
  "use strict";
  const box = document.getElementById("find"), list = document.getElementById("found");
  if (!box || !list) return;
  const options = () => [...list.querySelectorAll("a[role=option]")];
  let at = -1;

  function mark(place) {
    const all = options();
    if (!all.length) return;
    at = (place + all.length) % all.length;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    box.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }
  function unmark() {
    at = -1;
    options().forEach((one) => one.setAttribute("aria-selected", "false"));
    box.removeAttribute("aria-activedescendant");
  }
  function show(is) {
    list.hidden = !is;
    box.setAttribute("aria-expanded", String(is));
    if (!is) unmark();
  }

  const open = () => show(Boolean(box.value.trim()) && list.childElementCount > 0);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    unmark();
    open();
  });
  box.addEventListener("input", () => {
    unmark();
    open();
  });
  box.addEventListener("focus", open);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      if (at < 0 && event.key === "ArrowUp") mark(-1);
      else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      options()[at].click();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".find")) show(false);
  });
  box.addEventListener("blur", (event) => {
    if (event.relatedTarget && !list.contains(event.relatedTarget)) show(false);
  });
})();
