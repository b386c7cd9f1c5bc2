// What changes something: links by click, drag or key; entities, pins and bans by menu; undo, redo.

const LABEL = /^[A-Za-z][\w.&-]{0,63}$/;
// A press that moves less than this is a click.
const SLACK_PIXELS = 5;
const KEYS = [
  ["← →", "walk through a sentence; Home and End go to its ends"],
  ["↑ ↓", "go to the other sentence, to the linked word"],
  ["Enter", "hold a word; on a word of the other sentence, add or remove the link"],
  ["Escape", "let go, close"],
  ["Shift + ← →", "choose several words; Enter then opens their menu"],
  ["Shift + Enter", "open the menu of one word, as a double click does"],
  ["Delete", "target: ban this span; source: menu of this entity"],
  ["Ctrl + Z", "undo; Ctrl + Y or Ctrl + Shift + Z redoes"],
  ["Click, click", "on a word of each sentence: add or remove the link; Ctrl keeps the first held"],
  ["Drag", "across to the other sentence: the same; along one sentence: choose words"],
  ["Badge", "show the candidates of its entity"],
  ["?", "this help"],
];
const READING_KEYS = KEYS.slice(0, 2).concat([
  ["Enter", "hold a word, and let go of it; a click does the same"],
  ["Escape", "let go"],
  ["Badge", "show the candidates of its entity"],
  ["?", "this help"],
]);

function isTyping(event) {
  const element = event.composedPath()[0];
  return Boolean(element.isContentEditable) || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

// Events that Python has not answered yet. Each sending repeats them all, since two that come close
// together reach Python as one; it skips those whose number it knows.
class Outbox {
  constructor() {
    this.serial = 0;
    this.waiting = [];
  }

  answered(serial) {
    this.serial = Math.max(this.serial, serial);
    this.waiting = this.waiting.filter((event) => event.serial > serial);
  }

  push(event, post) {
    this.serial += 1;
    this.waiting.push({ ...event, serial: this.serial });
    post([...this.waiting]);
  }

  // Links as they will be once the waiting events are carried out.
  links(links) {
    return this.waiting.filter((event) => event.kind === "link").reduce(toggled, links);
  }
}

function toggled(links, { source, target }) {
  const kept = links.filter((link) => link.source !== source || link.target !== target);
  if (kept.length < links.length) return kept;
  return [...links, { source, target, sure: true, similarity: null, added: true }];
}

class Editor {
  constructor(view, menu, help) {
    Object.assign(this, { view, menu, help, press: null, dragged: false, inside: false });
    const { root } = view;
    this.tools = make("div", "tools");
    this.undo = this.tool("Undo", "Ctrl+Z", () => view.send({ kind: "undo" }));
    this.redo = this.tool("Redo", "Ctrl+Y", () => view.send({ kind: "redo" }));
    this.tools.append(this.undo, this.redo, help.button);
    root.prepend(this.tools);
    root.addEventListener("pointerenter", () => (this.inside = true));
    root.addEventListener("pointerleave", () => (this.inside = false));
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("dblclick", (event) => this.menuAt(event));
    root.addEventListener("contextmenu", (event) => this.menuAt(event));
    this.global = (event) => this.shortcut(event);
    window.addEventListener("keydown", this.global, true);
  }

  get editable() {
    return Boolean(this.view.data.editable && this.view.send);
  }

  tool(text, key, act) {
    const button = makeButton("tool", text);
    button.title = key;
    button.addEventListener("click", act);
    return button;
  }

  destroy() {
    window.removeEventListener("keydown", this.global, true);
    this.stopDragging();
  }

  update() {
    const { data, root, fresh } = this.view;
    root.classList.toggle("editable", this.editable);
    this.undo.hidden = this.redo.hidden = !this.editable;
    this.undo.disabled = !data.can_undo;
    this.redo.disabled = !data.can_redo;
    const entities = JSON.stringify(data.entities);
    if (fresh || entities !== this.entities) this.menu.close();
    this.entities = entities;
  }

  light() {
    const { view } = this;
    for (const element of view.root.querySelectorAll(".run")) element.classList.remove("run");
    if (view.run) {
      const { words, gaps } = view.sentences[view.run.side];
      const { start, end } = this.bounds(view.run);
      for (const place of range(start, end)) {
        words[place]?.classList.add("run");
        if (place > start) gaps[place]?.classList.add("run");
      }
    }
    if (!this.press) view.lines.rubber = this.heldLine();
  }

  // From the held word to the one of the other sentence that a click would link it with.
  heldLine() {
    const { held, spot } = this.view;
    if (!this.editable || !held || spot?.kind !== "word" || spot.side === held.side) return null;
    const ends = { [held.side]: held, [spot.side]: spot };
    const [from, to] = SIDES.map((side) => this.boxOf(ends[side]));
    return from && to ? [middle(from, from.bottom), middle(to, to.top)] : null;
  }

  boxOf({ side, index }) {
    return this.view.sentences[side].words[index]?.getClientRects()[0];
  }

  bounds({ from, to }) {
    return { start: Math.min(from, to), end: Math.max(from, to) + 1 };
  }

  setRun(run) {
    this.view.run = run;
    this.view.paint();
  }

  toggle(one, two) {
    const ends = { [one.side]: one.index, [two.side]: two.index };
    this.view.held = null;
    this.view.send({ kind: "link", source: ends.source, target: ends.target });
  }

  // Clicks

  click(event, spot) {
    if (!this.editable) return false;
    if (this.dragged && event.detail > 0) return true;
    if (spot.kind === "candidate") return this.chipMenu(event.target.closest(".chip"), spot);
    if (spot.kind !== "word") return false;
    if (event.shiftKey) {
      const { focused, held } = this.view;
      const anchor = [held, focused].find((one) => one?.kind === "word" && one.side === spot.side);
      this.view.held = null;
      this.setRun({ side: spot.side, from: (anchor ?? spot).index, to: spot.index });
      this.spanMenu();
      return true;
    }
    this.view.run = null;
    return this.pick(spot, event);
  }

  // Links a word with the one that is held. With Ctrl that one stays held, for the next link.
  pick(spot, event) {
    const { held } = this.view;
    if (!held || held.side === spot.side) return false;
    this.toggle(held, spot);
    if (event.ctrlKey || event.metaKey) this.view.hold(held);
    return true;
  }

  menuAt(event) {
    const spot = this.view.spotOf(event.target);
    if (!this.editable || spot?.kind !== "word") return;
    event.preventDefault();
    const { run } = this.view;
    const { start, end } = run?.side === spot.side ? this.bounds(run) : { start: 0, end: 0 };
    this.view.held = null;
    if (spot.index < start || spot.index >= end) {
      this.setRun({ side: spot.side, from: spot.index, to: spot.index });
    }
    this.spanMenu();
  }

  // Dragging: along a sentence chooses words, across to the other one draws a link.

  down(event) {
    this.dragged = false;
    const spot = this.view.spotOf(event.target);
    if (!this.editable || event.button !== 0 || event.shiftKey || spot?.kind !== "word") return;
    const touch = event.pointerType === "touch";
    this.press = { spot, x: event.clientX, y: event.clientY, mode: "", touch };
    this.moving = (moved) => this.move(moved);
    this.ending = (ended) => this.up(ended);
    window.addEventListener("pointermove", this.moving);
    window.addEventListener("pointerup", this.ending);
    window.addEventListener("pointercancel", this.ending);
  }

  stopDragging() {
    window.removeEventListener("pointermove", this.moving);
    window.removeEventListener("pointerup", this.ending);
    window.removeEventListener("pointercancel", this.ending);
    this.press = null;
    this.view.lines.rubber = null;
  }

  spotAt(event) {
    const element = this.view.root.getRootNode().elementFromPoint(event.clientX, event.clientY);
    const spot = element && this.view.root.contains(element) ? this.view.spotOf(element) : null;
    return spot?.kind === "word" ? spot : null;
  }

  move(event) {
    const { press, view } = this;
    const { spot } = press;
    const way = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    if (!press.mode && way < SLACK_PIXELS) return;
    const under = this.spotAt(event);
    const text = view.sentences[spot.side].text.getBoundingClientRect();
    const left = event.clientY < text.top - 4 || event.clientY > text.bottom + 4;
    press.under = under;
    if (under?.side === spot.side && (under.index !== spot.index || press.mode)) {
      press.mode = "run";
      view.run = { side: spot.side, from: spot.index, to: under.index };
    } else if (!press.touch && (left || (under && under.side !== spot.side))) {
      press.mode = "link";
      view.run = null;
    }
    view.lines.rubber = press.mode === "link" ? this.rubber(event) : null;
    view.pointed = under && press.mode === "link" ? under : spot;
    view.paint();
  }

  rubber(event) {
    const { spot, under } = this.press;
    const crossing = under && under.side !== spot.side;
    const [source, target] = spot.side === "source" ? ["bottom", "top"] : ["top", "bottom"];
    const from = this.boxOf(spot);
    const to = crossing ? this.boxOf(under) : null;
    const pointer = { x: event.clientX, y: event.clientY };
    return [middle(from, from[source]), to ? middle(to, to[target]) : pointer];
  }

  up(event) {
    const { spot, mode, under } = this.press;
    this.stopDragging();
    this.dragged = Boolean(mode);
    if (event.type === "pointercancel") this.setRun(null);
    else if (mode === "link" && under && under.side !== spot.side) this.toggle(spot, under);
    else if (mode === "run") this.spanMenu();
    else if (mode) this.view.paint();
  }

  // Keys

  key(event, spot) {
    if (!this.editable || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape" && this.view.run) {
      this.setRun(null);
      return true;
    }
    if (spot?.kind !== "word") return false;
    if (event.key === "Delete" || event.key === "Backspace") return this.remove(spot);
    if (event.key === "Enter" || event.key === " ") return this.enter(event, spot);
    if (!event.shiftKey) {
      this.view.run = null;
      return false;
    }
    return this.extend(event.key, spot);
  }

  enter(event, spot) {
    const { side, index } = spot;
    if (event.shiftKey && !this.view.run) this.setRun({ side, from: index, to: index });
    if (!this.view.run) return this.pick(spot, event);
    this.spanMenu();
    return true;
  }

  extend(key, spot) {
    if (key === "ArrowUp" || key === "ArrowDown") return false;
    const next = this.view.next(key, spot);
    if (!next) return false;
    const { run } = this.view;
    const from = run?.side === spot.side ? run.from : spot.index;
    this.view.run = { side: spot.side, from, to: next.index };
    this.view.sentences[spot.side].focus(next.index);
    this.view.paint();
    return true;
  }

  remove({ side, index }) {
    const holds = (span) => span.start <= index && index < span.end;
    const entity = this.view.entityAt(side, index);
    if (entity === null) return false;
    if (side === "target") {
      const { start, end } = this.view.data.spans.find(holds);
      this.view.send({ kind: "ban", entity, start, end });
    } else {
      const { start, end } = this.view.data.entities[entity];
      this.setRun({ side, from: start, to: end - 1 });
      this.spanMenu(index);
    }
    return true;
  }

  shortcut(event) {
    const here = this.inside || this.view.focusedIn(this.view.root);
    if (event.defaultPrevented || isTyping(event) || event.altKey) return;
    const letter = event.key.toLowerCase();
    const control = event.ctrlKey || event.metaKey;
    let act = null;
    if (event.key === "?" && !control) act = () => this.help.open();
    else if (control && here && this.editable && (letter === "z" || letter === "y")) {
      const kind = letter === "y" || event.shiftKey ? "redo" : "undo";
      act = () => this.view.send({ kind });
    }
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // Menus: what they offer is in linked_text_menus.js.

  spanMenu(focus = this.view.run.to) {
    const { view } = this;
    const { side, to } = view.run;
    const span = this.bounds(view.run);
    const words = textOf(view.data[side].words, span);
    const near = view.sentences[side].words[to];
    const offers = { source: sourceOffer, target: targetOffer };
    const offer = offers[side](view.data, span, view.selected);
    view.paint();
    this.menu.show({
      title: `“${words}”`,
      ...this.bound(offer),
      near,
      back: () => {
        this.setRun(null);
        view.sentences[side].focus(focus);
      },
    });
  }

  chipMenu(chip, spot) {
    this.menu.show({
      title: `“${textOf(this.view.data.target.words, spot)}”`,
      ...this.bound({ items: candidateOffer(this.view.data, spot) }),
      near: chip,
      // By then the chips may be other elements.
      back: () => {
        const chips = `.chip[data-place="${chip.dataset.place}"]`;
        this.view.root.querySelector(chips)?.focus();
      },
    });
    return true;
  }

  bound({ items, other }) {
    const { send } = this.view;
    return {
      items: items.map(({ event, ...item }) => ({ ...item, act: () => send(event) })),
      other: other && {
        label: "another class",
        check: (label) => LABEL.test(label),
        act: (label) => send(other(label)),
      },
    };
  }
}
