// Says what of a paste could not come, and what to do about it.
export function say(form, left) {
  const note = form.querySelector("[data-left]");
  const list = note.querySelector("ul");
  const kinds = [...new Set(left.map((each) => each.kind))];
  note.querySelector("[data-dismiss]").onclick = () => { note.hidden = true; };
  note.hidden = kinds.length === 0;
  list.replaceChildren(...kinds.map((kind) => {
    const names = left.filter((each) => each.kind === kind).map((each) => each.name || "?");
    const item = document.createElement("li");
    item.textContent = note.dataset[kind].replace("%(n)s", names.length).replace("%(names)s", [...new Set(names)].slice(0, 5).join(", ") + (names.length > 5 ? ", …" : ""));
    return item;
  }));
}
