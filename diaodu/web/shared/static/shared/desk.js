// What every page does in the browser: drawers, dialogs, keys, and what to say when a request fails.
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const drawer = () => document.getElementById("drawer");

  // -- messages: in the page's own place, never floating ----------------------------------------
  function say(text, link, linkText) {
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = linkText;
      notice.append(" ", anchor);
    }
    const place = document.getElementById("messages");
    place.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }
  const REASONS = {
    403: "没有权限做这件事，或页面放得太久。请刷新后再试。",
    404: "这一项已经不在，或不在您可以看的范围。请刷新页面。",
    413: "内容太大，没有收下。文件不要超过10兆。",
    429: "操作太频繁，请过一会儿再试。",
  };
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) {
      document.getElementById("messages").innerHTML = event.detail.xhr.responseText;
      return;
    }
    say(REASONS[event.detail.xhr.status] || "系统出错，刚才的操作没有完成，填的内容还在页面上。请过一会儿再试。");
  });
  document.addEventListener("htmx:sendError", () =>
    say("连不上服务器，刚才的操作没有完成，填的内容还在页面上。请检查网络后再试。"));
  document.addEventListener("htmx:timeout", () =>
    say("服务器很久没有答复，刚才的操作可能没有完成。请刷新页面核对。"));

  // -- signing in again in another window changes the token of every form: take the one of now ----
  function freshToken() {
    return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  }
  document.addEventListener("htmx:configRequest", (event) => {
    const token = freshToken();
    if (!token) return;
    event.detail.headers["X-CSRFToken"] = token;
    if (event.detail.parameters.csrfmiddlewaretoken) {
      event.detail.parameters.csrfmiddlewaretoken = token;
    }
  });

  // -- what was sent after the session had ended comes back once one has signed in again ---------
  // Kept by user: whoever signs in next in this window is shown nothing of another's.
  const user = document.body.dataset.user;
  const KEPT = ["typed:", "unsent:"];
  const TYPED = `typed:${user}:`;
  const here = () => TYPED + location.pathname + location.search;
  function keepTyped(form) {
    const isKept = ([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken" && form.elements[name].type !== "password";
    const typed = [...new FormData(form)].filter(isKept);
    const at = [...document.forms].indexOf(form);
    const action = form.getAttribute("action");
    sessionStorage.setItem(here(), JSON.stringify({ at, action, typed }));
  }
  function bringTypedBack() {
    if (!user || location.pathname.startsWith("/accounts/")) return;
    const kept = JSON.parse(sessionStorage.getItem(here()));
    Object.keys(sessionStorage).filter((key) => key.startsWith(TYPED)).forEach((key) => sessionStorage.removeItem(key));
    const came = document.referrer && new URL(document.referrer).pathname;
    const form = kept && came.startsWith("/accounts/") && document.forms[kept.at];
    if (!form || form.getAttribute("action") !== kept.action) return;
    const left = kept.typed;
    for (const field of form.elements) {
      if (["checkbox", "radio"].includes(field.type)) {
        field.checked = left.some(([name, value]) => name === field.name && value === field.value);
      } else if (field.type !== "password" && field.type !== "file") {
        const at = left.findIndex(([name]) => name === field.name);
        if (at >= 0) field.value = left.splice(at, 1)[0][1];
      }
    }
    say("刚才登录已过期，没有保存。您填的内容已放回本页，请核对后再保存。");
  }

  // Who leaves leaves nothing behind.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forgets]")) return;
    Object.keys(sessionStorage).filter((key) => KEPT.some((one) => key.startsWith(one)))
      .forEach((key) => sessionStorage.removeItem(key));
  });

  // -- drawer: evidence beside the page, with a link of its own ---------------------------------
  let opener = null;
  let beside = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const panel = drawer();
    if (!panel || event.detail.target !== panel || panel.contains(event.detail.elt)) return;
    opener = event.detail.elt;
    if (panel.hidden) beside = location.href;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const panel = drawer();
    if (!panel || event.detail.target !== panel) return;
    panel.hidden = false;
    panel.scrollTop = 0;
    $("h2", panel)?.focus({ preventScroll: true });
  });
  function closeDrawer() {
    const panel = drawer();
    const back = beside || $("[data-close-drawer]", panel)?.href;
    panel.hidden = true;
    panel.replaceChildren();
    if (back) history.replaceState(history.state, "", back);
    beside = null;
    opener?.focus();
  }

  // -- clicks -------------------------------------------------------------------------------
  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "已复制";
    } catch {
      window.prompt("请按 Ctrl+C 复制", text);
    }
  }
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-close-drawer]") && drawer()) {
      event.preventDefault();
      closeDrawer();
    } else if (on("[data-copy-link]")) {
      copy(location.href, on("[data-copy-link]"));
    } else if (on("[data-copy]")) {
      copy(on("[data-copy]").dataset.copy, on("[data-copy]"));
    } else if (on("[data-dialog]")) {
      document.getElementById(on("[data-dialog]").dataset.dialog).showModal();
    } else if (on("[data-close-dialog]")) {
      on("dialog").close();
    } else if (on("[data-print]")) {
      window.print();
    }
    for (const sheet of document.querySelectorAll("details[data-sheet][open]")) {
      if (!sheet.contains(event.target)) sheet.open = false;
    }
  });

  // -- choices that answer at once ------------------------------------------------------------
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  // One act, one request: a second click while the first is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) return event.preventDefault();
    const token = form.elements.csrfmiddlewaretoken;
    if (token) token.value = freshToken() || token.value;
    if (user && !form.matches("[data-forgets]")) keepTyped(form);
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // -- keys -------------------------------------------------------------------------------
  const typing = (element) => element.matches("input,textarea,select,[contenteditable]");
  function rowBeside(row, step) {
    const rows = [...row.closest("table").querySelectorAll("tbody tr")].filter((one) => $("a", one));
    return rows[rows.indexOf(row) + step];
  }
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key === "Escape") {
      const sheet = $("details[data-sheet][open]");
      if (sheet) {
        sheet.open = false;
        $("summary", sheet).focus();
      } else if (drawer() && !drawer().hidden && !$("dialog[open]")) closeDrawer();
      else if (at.matches(".tip")) at.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(at)) return;
    if (event.key === "/" && $("[data-search]")) {
      event.preventDefault();
      $("[data-search]").focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const row = at.closest("table[data-keys] tbody tr");
      const next = row && rowBeside(row, event.key === "ArrowDown" ? 1 : -1);
      if (!next) return;
      event.preventDefault();
      $("a", next).focus();
    }
  });

  // -- every table of a page as Excel: the server hands out what stands at that place -----------
  // A table that came as a fragment is asked for at the fragment's own address.
  function offerTables() {
    const counted = new Map();
    for (const table of document.querySelectorAll("main table.dt")) {
      const from = table.closest("[hx-get][hx-trigger^=load]")?.getAttribute("hx-get") || location.href;
      const place = counted.get(from) || 0;
      counted.set(from, place + 1);
      if (table.dataset.exported !== undefined || table.dataset.offered || !$("tbody tr td", table)) continue;
      table.dataset.offered = "yes";
      const url = new URL(from, location.href);
      url.searchParams.set("table", place);
      const link = document.createElement("a");
      link.href = url.href;
      link.className = "to-sheet desk";
      link.textContent = "存为表格";
      const box = table.closest("section,.box");
      const head = box && $(":scope>h2,:scope>header", box);
      if (head && !$(".to-sheet", head)) head.append(link);
      else (table.closest(".scroll") || table).after(link);
    }
  }
  document.addEventListener("htmx:afterSettle", offerTables);

  offerTables();
  bringTypedBack();
})();
