// The chase list: one box ticks them all.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.all;
  if (!name) return;
  for (const box of event.target.form.elements[name] instanceof RadioNodeList
    ? event.target.form.elements[name] : [event.target.form.elements[name]]) {
    box.checked = event.target.checked;
  }
});
