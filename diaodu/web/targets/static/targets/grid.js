// The grid of targets: every change is sent at once, sums are told while one types. Sums are made
// of whole numbers (BigInt, twelve decimals), never of binary fractions; the server has the last word.
(() => {
  "use strict";
  const grid = document.getElementById("grid");
  if (!grid || !grid.dataset.save) return;
  const SCALE = 12;
  const ONE = 10n ** BigInt(SCALE);
  const cells = [...grid.querySelectorAll("input.cell")];
  const byKey = new Map(cells.map((cell) => [cell.dataset.key, cell]));
  const unsent = new Map();
  let sending = null;
  let again = 0;
  const PAUSE = 5000;

  // -- exact numbers ------------------------------------------------------------------------------
  function read(text) {
    const clean = text.replace(/[\s,，]/g, "").replace(/^[−－–]/, "-");
    const match = clean.match(/^([+-]?)(\d+)(?:\.(\d{0,12}))?$/);
    if (!match) return null;
    const units = BigInt(match[2]) * ONE + BigInt((match[3] || "").padEnd(SCALE, "0"));
    return match[1] === "-" ? -units : units;
  }
  function shown(units) {
    const size = units < 0n ? -units : units;
    const whole = String(size / ONE).replace(/\B(?=(\d{3})+$)/g, ",");
    const part = String(size % ONE).padStart(SCALE, "0").replace(/0+$/, "");
    return `${units < 0n ? "−" : ""}${whole}${part ? `.${part}` : ""}`;
  }
  function total(inputs) {
    const known = inputs.map((one) => read(one.value)).filter((one) => one !== null);
    return known.length ? known.reduce((one, other) => one + other, 0n) : null;
  }

  // -- sums, while one types ----------------------------------------------------------------------
  const SUMS = grid.dataset.byMonth === "sum";
  const bodies = [...grid.tBodies].map((body) => {
    const rows = [...body.querySelectorAll("tr[data-org]")].map((row) => {
      const inputs = [...row.querySelectorAll("input.cell:not(.said)")];
      return { row, whole: inputs[0], months: inputs.slice(1), inputs };
    });
    const feet = [...body.querySelectorAll("tr[data-foot]")].map((foot) => ({
      foot,
      off: body.querySelector(`tr[data-off="${CSS.escape(foot.dataset.foot)}"]`),
      parent: rows.find((one) => one.row.dataset.org === foot.dataset.foot),
      below: rows.filter((one) => one.row.dataset.parent === foot.dataset.foot),
    }));
    return { body, rows, feet };
  });
  function tell(place, gap, margin) {
    place.replaceChildren();
    if (gap === null) return false;
    const said = document.createElement("span");
    const over = -gap;
    const even = gap === 0n || (over > 0n && over <= margin);
    said.className = gap === 0n ? "good" : even ? "ink2" : "bad";
    said.textContent = gap === 0n ? "相等"
      : gap > 0n ? `还差${shown(gap)}` : `${even ? "余量" : "多出"}${shown(over)}`;
    place.append(said);
    return !even;
  }
  function sumRow({ row, whole, months }) {
    if (!months.length) return false;
    const parts = SUMS ? months : months.slice(-1);
    const filled = months.some((one) => one.value.trim());
    const sum = filled ? total(parts) : null;
    row.querySelector(".sum").textContent = sum === null ? "" : shown(sum);
    const target = read(whole.value);
    const margin = read(row.dataset.marginMonth || "0");
    return tell(row.querySelector(".gapcell"), sum === null || target === null ? null : target - sum, margin);
  }
  function sumColumn({ foot, off, parent, below }, at) {
    const sum = total(below.map((one) => one.inputs[at]));
    foot.cells[at + 1].textContent = sum === null ? "" : shown(sum);
    const target = parent ? read(parent.inputs[at].value) : null;
    const margin = at === 0 && parent ? read(parent.row.dataset.marginOrg || "0") : 0n;
    return tell(off.cells[at + 1], sum === null || target === null ? null : target - sum, margin);
  }
  function sumAll() {
    let uneven = 0;
    for (const { rows, feet } of bodies) {
      for (const one of rows) uneven += sumRow(one);
      for (const foot of feet) {
        for (let at = 0; at < foot.foot.cells.length - (rows[0].months.length ? 3 : 1); at += 1) {
          uneven += sumColumn(foot, at);
        }
      }
    }
    const told = document.getElementById("uneven");
    told.textContent = uneven ? `${uneven}处加起来不相等` : "各处相等";
    told.className = uneven ? "bad" : "good";
  }
  let summing = 0;
  function sumSoon() {
    cancelAnimationFrame(summing);
    summing = requestAnimationFrame(sumAll);
  }

  // -- sending ------------------------------------------------------------------------------------
  const state = document.getElementById("state");
  function say(text) { state.textContent = text; }
  function post(url, values) {
    htmx.ajax("POST", url + location.search, { source: grid, target: "#told", swap: "innerHTML", values });
  }
  function change(cell) {
    unsent.set(cell.dataset.key, cell.value);
    cell.classList.add("unsent");
    send();
  }
  function send() {
    clearTimeout(again);
    if (sending || !unsent.size) return;
    sending = new Map(unsent);
    say("正在保存");
    post(grid.dataset.save, { cells: JSON.stringify([...sending]), seen: grid.dataset.seen });
  }
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== grid) return;
    const status = event.detail.xhr.status;
    const sent = sending || new Map();
    sending = null;
    if ([200, 409].includes(status)) {
      for (const [key, text] of sent) if (unsent.get(key) === text) unsent.delete(key);
      setTimeout(refresh);
      send();
    } else if (status === 422) {
      say("没有保存，原因见下");
    } else {
      say("还没有保存，连上或登录后自动再存");
      again = setTimeout(send, PAUSE);
    }
  });
  window.addEventListener("online", send);
  window.addEventListener("focus", send);
  window.addEventListener("beforeunload", (event) => { if (unsent.size) event.preventDefault(); });

  // -- what stands now ----------------------------------------------------------------------------
  function refresh() {
    const answer = document.getElementById("answer");
    if (!answer) return;
    grid.dataset.seen = answer.dataset.seen;
    const told = JSON.parse(answer.dataset.cells);
    for (const cell of cells) {
      const key = cell.dataset.key;
      if (unsent.has(key)) continue;
      const [text, look] = told[key] || ["", ""];
      cell.classList.remove("unsent");
      cell.classList.toggle("must", look === "must");
      cell.toggleAttribute("aria-invalid", look === "must");
      if (cell !== document.activeElement || cell.dataset.touched === undefined) cell.value = text;
      cell.dataset.kept = text;
    }
    if (!unsent.size) say(`已保存 ${answer.dataset.at}`);
    sumAll();
  }

  // -- typing -------------------------------------------------------------------------------------
  for (const cell of cells) cell.dataset.kept = cell.value;
  grid.addEventListener("input", (event) => {
    event.target.dataset.touched = "";
    sumSoon();
  });
  grid.addEventListener("change", (event) => {
    if (!event.target.matches("input.cell")) return;
    delete event.target.dataset.touched;
    change(event.target);
  });
  grid.addEventListener("focusin", (event) => event.target.matches("input.cell") && event.target.select());
  const rowsOf = () => [...grid.querySelectorAll("tr[data-org]")];
  function beside(cell, down, right) {
    const rows = rowsOf();
    const row = cell.closest("tr");
    const inputs = [...row.querySelectorAll("input.cell")];
    const next = rows[rows.indexOf(row) + down];
    return next?.querySelectorAll("input.cell")[inputs.indexOf(cell) + right];
  }
  function go(cell) {
    if (!cell) return;
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const atEdge = (cell, right) => cell.selectionStart === cell.selectionEnd
    ? cell.selectionStart === (right ? cell.value.length : 0) : cell.selectionEnd - cell.selectionStart === cell.value.length;
  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches("input.cell") || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key === "z" && cell.dataset.touched === undefined) {
      event.preventDefault();
      undo();
    } else if (control && event.key === "d") {
      event.preventDefault();
      const above = beside(cell, -1, 0);
      if (above) {
        cell.value = above.value;
        change(cell);
        sumSoon();
      }
    } else if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
      const next = beside(cell, up ? -1 : 1, 0);
      if (next) go(next);
      else cell.blur();
    } else if (event.key === "ArrowRight" && atEdge(cell, true)) {
      event.preventDefault();
      go(beside(cell, 0, 1));
    } else if (event.key === "ArrowLeft" && atEdge(cell, false)) {
      event.preventDefault();
      go(beside(cell, 0, -1));
    } else if (event.key === "Escape") {
      cell.value = cell.dataset.kept;
      delete cell.dataset.touched;
      sumSoon();
    }
  });
  function undo() {
    if (sending || unsent.size) return;
    say("正在撤销");
    post(grid.dataset.undo, {});
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-undo]")) undo();
    const goes = event.target.closest("[data-goes]");
    if (!goes) return;
    event.preventDefault();
    go(byKey.get(goes.dataset.goes));
  });

  // -- a block copied from a table ------------------------------------------------------------------
  grid.addEventListener("paste", (event) => {
    if (!event.target.matches("input.cell")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const [tier, org, column] = event.target.dataset.key.split(":");
    say("正在粘贴");
    post(grid.dataset.paste, { tier, org, column, text, seen: grid.dataset.seen });
  });

  sumAll();
})();
