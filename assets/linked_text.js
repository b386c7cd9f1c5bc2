// The view of a sentence pair: it shows, and linked_text_edit.js adds what changes something.
// It needs linked_text_parts.js before it in the same script.

// Parts (candidates, editor, matrix) are added by whoever makes the view; each may have update(),
// relink(links), light(), key(event, spot), click(event, spot) and destroy().
//
// What can be pointed at is a spot: {kind: "word", side, index}, {kind: "entity", entity},
// {kind: "candidate", entity, start, end} or {kind: "cell", source, target} of a matrix.
class LinkedText {
  // `send` gets every event that somebody else must know of; null where nobody listens.
  constructor(root, data, send = null) {
    this.root = root;
    this.send = send;
    this.parts = [];
    this.sentences = { source: new SentenceView("source"), target: new SentenceView("target") };
    this.lines = new LinkLines(this);
    this.info = make("p", "info");
    this.info.setAttribute("aria-live", "polite");
    this.clear();
    root.classList.add("pair");
    root.append(...SIDES.map((side) => this.sentences[side].section), this.lines.svg, this.info);
    root.addEventListener("pointerover", (event) => this.point(this.spotOf(event.target)));
    root.addEventListener("pointerleave", () => this.point(null));
    root.addEventListener("focusin", (event) => this.focusOn(event.target));
    root.addEventListener("focusout", () => this.focusOn(null));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    this.observer = new ResizeObserver(() => this.lines.draw());
    this.observer.observe(root);
    this.update(data);
    document.fonts?.ready.then(() => this.lines.draw());
  }

  add(part) {
    this.parts.push(part);
    part.update?.();
    return part;
  }

  destroy() {
    this.observer.disconnect();
    for (const part of this.parts) part.destroy?.();
  }

  clear() {
    Object.assign(this, { pointed: null, focused: null, held: null, selected: null, run: null });
  }

  update(data) {
    const before = this.data;
    this.data = data;
    const fresh = SIDES.map((side) => this.sentences[side].update(data[side])).includes(true);
    if (fresh) this.clear();
    // What was selected here stays until somebody selects otherwise.
    if (fresh || data.selected !== before.selected) this.selected = data.selected;
    if (this.selected >= data.entities.length) this.selected = null;
    this.fresh = fresh;
    this.root.classList.toggle("long", data.long);
    this.relink();
    for (const part of this.parts) part.update?.();
    this.paint();
  }

  // A part may change which links are drawn before new data comes.
  relink() {
    this.links = this.parts.reduce((links, part) => part.relink?.(links) ?? links, this.data.links);
  }

  spotOf(element) {
    const chip = element.closest(".chip");
    if (chip) {
      const [start, end] = [Number(chip.dataset.start), Number(chip.dataset.end)];
      return { kind: "candidate", entity: this.selected, start, end };
    }
    const word = element.closest(".word");
    if (word) return { kind: "word", side: word.dataset.side, index: Number(word.dataset.index) };
    const badge = element.closest("[data-entity]");
    return badge ? { kind: "entity", entity: Number(badge.dataset.entity) } : null;
  }

  point(spot) {
    if (JSON.stringify(spot) === JSON.stringify(this.pointed)) return;
    this.pointed = spot;
    this.paint();
  }

  // With a mouse the pointer says what is looked at; only a visible focus counts.
  focusOn(element) {
    const spot = element && element.matches(":focus-visible") ? this.spotOf(element) : null;
    if (JSON.stringify(spot) === JSON.stringify(this.focused)) return;
    this.focused = spot;
    this.paint();
  }

  focusedIn(element) {
    const active = this.root.getRootNode().activeElement;
    return active && element.contains(active) ? active : null;
  }

  // The index of the entity a word belongs to; null for none.
  entityAt(side, index) {
    return this.data[side].words[index]?.entity ?? null;
  }

  click(event) {
    const spot = this.spotOf(event.target);
    if (!spot || this.parts.some((part) => part.click?.(event, spot))) return;
    if (spot.kind === "word") this.hold(spot);
    if (spot.kind === "entity" && event.target.closest("button")) {
      this.select(spot.entity === this.selected ? null : spot.entity);
    }
  }

  hold(spot) {
    const same = JSON.stringify(spot) === JSON.stringify(this.held);
    this.held = same ? null : spot;
    this.paint();
  }

  select(entity) {
    this.selected = entity;
    for (const part of this.parts) part.update?.();
    this.paint();
    this.send?.({ kind: "select", entity });
  }

  key(event) {
    const spot = this.spotOf(event.target);
    if (this.parts.some((part) => part.key?.(event, spot)) || this.walk(event, spot)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  // Arrow keys walk through a sentence's words, Enter holds one, Escape lets go.
  walk(event, spot) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape") return this.letGo();
    if (spot?.kind !== "word") return false;
    const next = this.next(event.key, spot);
    if (next) this.sentences[next.side].focus(next.index);
    else if (event.key === "Enter" || event.key === " ") this.hold(spot);
    return Boolean(next) || event.key === "Enter" || event.key === " ";
  }

  letGo() {
    if (this.held) this.hold(this.held);
    else if (this.selected !== null) this.select(null);
    else return false;
    return true;
  }

  // The word that a key leads to; null where there is none.
  next(key, { side, index }) {
    const { words, text } = this.sentences[side];
    const forward = getComputedStyle(text).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const there = otherSide(side);
    if (key === (side === "source" ? "ArrowDown" : "ArrowUp")) {
      const count = this.sentences[there].words.length;
      const level = Math.round((index / Math.max(1, words.length - 1)) * (count - 1));
      const ends = this.links.filter((link) => link[side] === index).map((link) => link[there]);
      ends.sort((one, two) => Math.abs(one - level) - Math.abs(two - level));
      return count ? { kind: "word", side: there, index: ends[0] ?? level } : null;
    }
    const places = { Home: 0, End: words.length - 1 };
    const sideways = key === "ArrowLeft" || key === "ArrowRight";
    const place = sideways ? index + (key === forward ? 1 : -1) : places[key];
    return words[place] ? { kind: "word", side, index: place } : null;
  }

  // What a spot lights: words pointed at, words they lead to, and the links between.
  glowOf(spot) {
    const glow = { active: {}, linked: {}, touched: {}, links: new Set() };
    if (!spot) return glow;
    const { links, data } = this;
    const take = (chosen) => chosen.forEach((link) => glow.links.add(link));
    if (spot.kind === "word") {
      const there = otherSide(spot.side);
      take(links.filter((link) => link[spot.side] === spot.index));
      glow.active[spot.side] = [spot.index];
      glow.linked[there] = [...glow.links].map((link) => link[there]);
      const entity = this.entityAt(spot.side, spot.index);
      if (entity === null) return glow;
      const spans = data.spans.filter((span) => span.entity === entity);
      glow.touched.source = wordsOf([data.entities[entity]]);
      glow.touched.target = wordsOf(spans);
      return glow;
    }
    if (spot.kind === "cell") {
      take(links.filter((link) => link.source === spot.source && link.target === spot.target));
      return Object.assign(glow, { active: { source: [spot.source], target: [spot.target] } });
    }
    const entity = data.entities[spot.entity];
    if (!entity) return glow;
    const inside = links.filter((link) => entity.start <= link.source && link.source < entity.end);
    if (spot.kind === "entity") {
      const spans = data.spans.filter((span) => span.entity === spot.entity);
      take(inside);
      glow.active.source = wordsOf([entity]);
      glow.linked.target = wordsOf(spans);
      glow.touched.target = inside.map((link) => link.target);
    } else {
      take(inside.filter((link) => spot.start <= link.target && link.target < spot.end));
      glow.linked.source = wordsOf([entity]);
      glow.active.target = wordsOf([spot]);
    }
    return glow;
  }

  get spot() {
    const chosen = this.selected === null ? null : { kind: "entity", entity: this.selected };
    return this.pointed || this.focused || this.held || chosen;
  }

  paint() {
    const { spot } = this;
    this.glow = this.glowOf(spot);
    for (const [element, name] of this.lit ?? []) element.classList.remove(name);
    this.root.querySelector(".word[aria-pressed]")?.removeAttribute("aria-pressed");
    this.lit = [];
    for (const name of ["touched", "active", "linked"]) {
      for (const [side, places] of Object.entries(this.glow[name])) {
        const { words, gaps } = this.sentences[side];
        for (const place of places) {
          this.light(words[place], name);
          if (places.includes(place - 1)) this.light(gaps[place], name);
        }
      }
    }
    const held = this.held && this.sentences[this.held.side].words[this.held.index];
    held?.setAttribute("aria-pressed", "true");
    this.light(held, "held");
    const at = spot?.kind === "word" ? this.entityAt(spot.side, spot.index) : spot?.entity ?? null;
    for (const badge of this.root.querySelectorAll("button.badge")) {
      const entity = Number(badge.dataset.entity);
      badge.setAttribute("aria-pressed", String(entity === this.selected));
      if (entity === at) this.light(badge, "near");
    }
    for (const part of this.parts) part.light?.();
    this.tell(spot);
    this.lines.draw();
  }

  light(element, name) {
    if (!element) return;
    element.classList.add(name);
    this.lit.push([element, name]);
  }

  tell(spot) {
    const text = spot ? describe(this, spot) : this.hint();
    if (text === this.told) return;
    this.told = text;
    writeQuoted(this.info, text);
  }

  hint() {
    if (!this.data.links.length) return "There are no word links.";
    return (
      "Point at a word to see its links; click to hold it. " +
      "With the keyboard: Tab, arrow keys, Enter."
    );
  }
}

// What the line below the sentences says of a spot.
function describe(view, spot) {
  if (spot.kind === "word") return describeWord(view, spot);
  if (spot.kind === "cell") {
    const [source, target] = SIDES.map((side) => nameWord(view, side, spot[side]));
    const linked = view.glow.links.size ? "is linked to" : "is not linked to";
    return `${source} ${linked} ${target}${similarityOf([...view.glow.links][0])}`;
  }
  const entity = view.data.entities[spot.entity];
  if (!entity) return "";
  const name = `${entity.letter} ${entity.label} “${entity.text}”`;
  if (spot.kind === "candidate") {
    const here = (one) => one.start === spot.start && one.end === spot.end;
    const found = view.data.candidates[spot.entity].find(here);
    const score = found && found.score !== null ? `, score ${found.score.toFixed(3)}` : "";
    const words = textOf(view.data.target.words, spot);
    return `“${words}” [${spot.start}, ${spot.end}) for ${name}${score}`;
  }
  const spans = view.data.spans.filter((span) => span.entity === spot.entity);
  const told = spans.map((span) => {
    const score = span.score === null ? "" : ` (score ${span.score.toFixed(3)})`;
    return `“${textOf(view.data.target.words, span)}”${score}`;
  });
  return `${name} ${told.length ? `was projected to ${told.join(", ")}` : "was not projected"}`;
}

function describeWord(view, spot) {
  const there = otherSide(spot.side);
  const nameEnd = (link) => nameWord(view, there, link[there]) + similarityOf(link);
  const told = [...view.glow.links].map(nameEnd);
  const links = told.length ? `is linked to ${told.join(", ")}` : "is linked to no word";
  return `${nameWord(view, spot.side, spot.index)} ${links}`;
}

function nameWord(view, side, index) {
  const word = view.data[side].words[index];
  return `“${word.text}”${word.roman ? ` [${word.roman}]` : ""}`;
}

function similarityOf(link) {
  if (!link) return "";
  const notes = link.similarity === null ? [] : [`similarity ${link.similarity.toFixed(2)}`];
  if (!link.sure) notes.push("possible link");
  if (link.added) notes.push("added");
  return notes.length ? ` (${notes.join(", ")})` : "";
}
