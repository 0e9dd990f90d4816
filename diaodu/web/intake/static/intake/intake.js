// Typing in a form: every change is sent at once, one request after the other. What could not be
// sent stays in the cell and in this window's memory, and is sent again when one has signed in.
(() => {
  "use strict";
  const grid = document.getElementById("grid");
  if (!grid) return;
  const cells = () => [...grid.querySelectorAll("input.cell")];
  const at = (key) => cells().find((one) => one.dataset.key === key);
  // Whoever signs in next sends nothing of somebody else's.
  const user = document.getElementById("user").value;
  const memory = `unsent:${user}:${location.pathname}`;
  const unsent = new Map(JSON.parse(sessionStorage.getItem(memory) || "[]"));
  const PAUSE = 5000;
  let sending = null;
  let again = 0;
  let left = 0;

  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
  document.body.addEventListener("htmx:configRequest", (event) => {
    // Signing in again in another window changes the token.
    if (token()) event.detail.headers["X-CSRFToken"] = token();
  });

  function remember() {
    sessionStorage.setItem(memory, JSON.stringify([...unsent]));
    for (const cell of cells()) cell.classList.toggle("unsent", unsent.has(cell.dataset.key));
  }
  function say(text) {
    document.getElementById("saved").textContent = text;
  }

  // -- sending ------------------------------------------------------------------------------------
  function change(cell) {
    unsent.set(cell.dataset.key, [cell.value, cell.dataset.seen]);
    remember();
    send();
  }
  function send() {
    clearTimeout(again);
    if (sending || !unsent.size) return;
    sending = [...unsent];
    say("正在保存");
    const values = {
      key: sending.map(([key]) => key),
      text: sending.map(([, [text]]) => text),
      seen: sending.map(([key, [, seen]]) => at(key)?.dataset.seen ?? seen),
      version: document.getElementById("version").value,
      user,
    };
    htmx.ajax("POST", grid.dataset.saveUrl, { source: grid, values, swap: "none" });
  }
  function later() {
    sending = null;
    say("还没有保存，连上或登录后自动再存");
    again = setTimeout(send, PAUSE);
  }
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr.status;
    if (event.detail.elt === grid) {
      const sent = sending || [];
      if ([200, 409].includes(status)) {
        for (const [key, [text]] of sent) {
          if (unsent.get(key)?.[0] === text) unsent.delete(key);
        }
        sending = null;
        remember();
        send();
      } else if (status === 422) {
        sending = null;
        say("没有保存");
      } else later();
    }
    if ([200, 409].includes(status)) refresh();
    if (left && !unsent.size) tellLeft();
  });
  window.addEventListener("focus", () => send());
  window.addEventListener("online", () => send());
  window.addEventListener("beforeunload", (event) => {
    if (unsent.size) event.preventDefault();
  });

  // -- bringing the inputs up to date --------------------------------------------------------------
  function refresh() {
    const told = document.getElementById("cells");
    const states = JSON.parse(told.dataset.cells);
    for (const cell of cells()) {
      const state = states[cell.dataset.key];
      if (!state) continue;
      const [shown, seen, look] = state;
      cell.className = `cell ${look}`;
      if (unsent.has(cell.dataset.key)) {
        cell.classList.add("unsent");
        continue;
      }
      cell.dataset.seen = seen;
      cell.previousElementSibling.value = seen;
      if (cell !== document.activeElement || !cell.dataset.touched) cell.value = shown;
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    if (!button) return;
    const { key, theirs, yours } = button.closest(".clash").dataset;
    const cell = at(key);
    const chosen = button.dataset.keep === "yours" ? yours : theirs;
    button.closest(".clash").remove();
    if (cell.value === chosen && button.dataset.keep === "theirs") return;
    cell.value = chosen;
    if (button.dataset.keep === "yours") change(cell);
  });

  // -- typing ---------------------------------------------------------------------------------------
  grid.addEventListener("input", (event) => { event.target.dataset.touched = "yes"; });
  grid.addEventListener("change", (event) => {
    if (!event.target.matches("input.cell")) return;
    delete event.target.dataset.touched;
    change(event.target);
  });
  grid.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const cell of cells()) {
      if (cell.dataset.touched) unsent.set(cell.dataset.key, [cell.value, cell.dataset.seen]);
      delete cell.dataset.touched;
    }
    remember();
    if (unsent.size) send();
    else say("没有新的改动");
  });
  const column = (cell) => cell.id.split("-")[1];
  function beside(cell, step) {
    const same = cells().filter((one) => column(one) === column(cell));
    return same[same.indexOf(cell) + step];
  }
  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches("input.cell") || event.isComposing) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = beside(cell, step);
    if (next) {
      next.focus();
      next.select();
    } else cell.blur();
  });

  // -- a block copied from a table ------------------------------------------------------------------
  grid.addEventListener("paste", (event) => {
    if (!event.target.matches("input.cell")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const rows = [...grid.querySelectorAll("tbody tr")].filter((row) => row.querySelector("input.cell"));
    const first = rows.indexOf(event.target.closest("tr"));
    const from = [...rows[first].querySelectorAll("input.cell")].indexOf(event.target);
    left = 0;
    text.split("\n").forEach((line, down) => {
      const across = rows[first + down] ? [...rows[first + down].querySelectorAll("input.cell")] : [];
      line.split("\t").forEach((value, right) => {
        const cell = across[from + right];
        if (!cell) {
          if (value.trim()) left += 1;
          return;
        }
        cell.value = value.trim();
        unsent.set(cell.dataset.key, [cell.value, cell.dataset.seen]);
      });
    });
    remember();
    send();
  });
  // Told once the block is saved: the answer to a save empties this place.
  function tellLeft() {
    const told = document.createElement("div");
    told.className = "notice watch";
    told.textContent = `粘贴的块比表格大，有${left}格没有地方放，没有填。`;
    document.getElementById("clash").append(told);
    left = 0;
  }

  // -- a file dropped on the page -------------------------------------------------------------------
  const drop = document.querySelector("form.drop");
  if (drop) {
    for (const name of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", name === "dragover");
        if (name !== "drop" || !event.dataTransfer.files.length) return;
        drop.elements.file.files = event.dataTransfer.files;
        drop.requestSubmit();
      });
    }
  }

  // What was typed before the session ended comes back and is sent.
  for (const [key, [text]] of unsent) {
    const cell = at(key);
    if (cell) cell.value = text;
    else unsent.delete(key);
  }
  remember();
  send();
})();
