// Menus and help of the linked view. Both keep their keys to themselves: outside the shadow tree
// a key typed here looks like one typed nowhere, and the page's shortcuts would answer it.

class Menu {
  constructor(view) {
    this.view = view;
    this.element = make("div", "menu");
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => this.key(event));
    view.root.appendChild(this.element);
    this.outside = (event) => {
      if (!event.composedPath().includes(this.element)) this.close();
    };
  }

  get open() {
    return !this.element.hidden;
  }

  // `items` are {label, icon, style, act}; `other` adds a text field, {label, check, act}.
  show({ title, items, other, near, back }) {
    this.close();
    this.back = back;
    const list = make("div", "items");
    list.setAttribute("role", "menu");
    list.setAttribute("aria-label", title);
    list.replaceChildren(...items.map((item) => this.item(item)));
    const heading = make("div", "menu-title");
    writeQuoted(heading, title);
    this.element.replaceChildren(heading, list);
    if (other) this.element.appendChild(this.field(other));
    this.element.hidden = false;
    this.place(near);
    document.addEventListener("pointerdown", this.outside, true);
    this.stops[0]?.focus();
  }

  item({ label, icon, style, act }) {
    const button = makeButton("item");
    button.setAttribute("role", "menuitem");
    button.tabIndex = -1;
    setData(button, "style", style);
    if (icon) button.appendChild(makeIcon(icon));
    const text = make("span");
    writeQuoted(text, label);
    button.appendChild(text);
    button.addEventListener("click", () => this.choose(act));
    return button;
  }

  field({ label, check, act }) {
    const row = make("div", "other");
    const input = make("input");
    input.type = "text";
    input.setAttribute("aria-label", label);
    input.placeholder = label;
    input.autocomplete = "off";
    input.spellcheck = false;
    const make_ = makeButton("item", "Use");
    const use = () => {
      const value = input.value.trim();
      input.setAttribute("aria-invalid", String(!check(value)));
      if (check(value)) this.choose(() => act(value));
      else input.focus();
    };
    make_.addEventListener("click", use);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") use();
    });
    row.append(input, make_);
    return row;
  }

  choose(act) {
    this.close();
    act();
  }

  // Below what it belongs to, and never outside the view's left and right edges.
  place(near) {
    const frame = this.view.root.getBoundingClientRect();
    const box = near.getClientRects()[0] ?? near.getBoundingClientRect();
    const room = Math.max(0, frame.width - this.element.offsetWidth);
    this.element.style.left = `${Math.min(Math.max(0, box.left - frame.left), room)}px`;
    this.element.style.top = `${box.bottom - frame.top + 6}px`;
  }

  get stops() {
    return [...this.element.querySelectorAll("[role=menuitem], input, .other button")];
  }

  key(event) {
    event.stopPropagation();
    const { stops } = this;
    const here = stops.indexOf(this.view.focusedIn(this.element));
    const typing = event.target.tagName === "INPUT";
    const steps = { ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? -1 : 1 };
    let next = null;
    if (event.key in steps) next = (here + steps[event.key] + stops.length) % stops.length;
    else if (event.key === "Home" && !typing) next = 0;
    else if (event.key === "End" && !typing) next = stops.length - 1;
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    stops[next]?.focus();
  }

  close() {
    if (!this.open) return;
    this.element.hidden = true;
    document.removeEventListener("pointerdown", this.outside, true);
    const { back } = this;
    this.back = null;
    back?.();
  }
}

class HelpPanel {
  constructor(view, keys) {
    this.view = view;
    this.dialog = make("dialog", "help");
    this.dialog.setAttribute("aria-label", "Keys of the text view");
    const list = make("dl");
    for (const [name, told] of keys) list.append(make("dt", "", name), make("dd", "", told));
    const close = makeButton("item", "Close");
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(make("p", "menu-title", "Keys and gestures"), list, close);
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.button = makeButton("tool", "?");
    this.button.title = "Keys and gestures";
    this.button.setAttribute("aria-label", "Keys and gestures");
    this.button.addEventListener("click", () => this.open());
    view.root.appendChild(this.dialog);
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }
}
