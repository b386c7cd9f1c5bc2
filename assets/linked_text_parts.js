// What a linked view is made of: sentences with their words, badges and lines.
// All text arrives as data and is written with textContent, so it is never interpreted.

const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["source", "target"];
const ICONS = {
  pin: "M5 1h6v1.6l-1 .6v3.6l2.4 2.6v1.2H8.7V15h-1.4v-4.4H3.6V9.4L6 6.8V3.2l-1-.6z",
  ban:
    "M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2m0 2c1 0 2 .3 2.8.9L4.1 10.8A4.8 4.8 0 0 1 " +
    "8 3.2m0 9.6c-1 0-2-.3-2.8-.9l6.7-6.7A4.8 4.8 0 0 1 8 12.8",
};

function otherSide(side) {
  return side === "source" ? "target" : "source";
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makeButton(className, text) {
  const button = make("button", className, text);
  button.type = "button";
  return button;
}

function makeIcon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.appendChild(path);
  return svg;
}

// Writes a text whose “quoted” parts keep their own direction.
function writeQuoted(element, text) {
  element.replaceChildren(
    ...text.split(/(“[^“”]*”)/).map((part) => {
      if (!part.startsWith("“")) return part;
      const quoted = make("span");
      quoted.append("“", make("bdi", "", part.slice(1, -1)), "”");
      return quoted;
    }),
  );
}

// The running text of some words.
function textOf(words, { start, end }) {
  const taken = words.slice(start, end);
  return taken.map((word, place) => (place ? word.gap : "") + word.text).join("");
}

function setData(element, name, value) {
  if (value === "" || value === null || value === undefined) delete element.dataset[name];
  else element.dataset[name] = value;
}

function range(start, end) {
  return Array.from({ length: Math.max(0, end - start) }, (_, place) => start + place);
}

// The words of some spans.
function wordsOf(spans) {
  return spans.flatMap((span) => range(span.start, span.end));
}

// One sentence. Its words stay the same elements as long as the text does, so that focus, pointer
// and scroll position survive new data.
class SentenceView {
  constructor(side) {
    this.side = side;
    this.section = make("section", `sentence ${side}`);
    this.title = make("p", "title");
    this.text = make("p", "text");
    this.text.setAttribute("role", "group");
    this.section.append(this.title, this.text);
    this.words = [];
  }

  // Returns whether it is another sentence than before.
  update(sentence) {
    const shape = JSON.stringify([
      sentence.language,
      sentence.direction,
      sentence.words.map((word) => [word.gap, word.text]),
    ]);
    const fresh = shape !== this.shape;
    this.shape = shape;
    this.data = sentence;
    if (fresh) this.build(sentence);
    this.title.replaceChildren(
      `${sentence.title} · ${sentence.language_name}`,
      make("small", "", sentence.note),
    );
    this.text.setAttribute("aria-label", `${sentence.title}, ${sentence.language_name}`);
    sentence.words.forEach((word, index) => this.mark(word, index));
    return fresh;
  }

  build(sentence) {
    this.words = [];
    this.gaps = [];
    this.badges = [];
    this.text.lang = sentence.language;
    this.text.dir = sentence.direction;
    const parts = [];
    sentence.words.forEach((word, index) => {
      const gap = make("span", "gap", word.gap);
      const unit = make("span", "unit");
      const element = make("span", "word", word.text);
      element.dataset.side = this.side;
      element.dataset.index = index;
      element.tabIndex = index === 0 ? 0 : -1;
      element.setAttribute("role", "button");
      unit.appendChild(element);
      if (word.gap) parts.push(gap);
      parts.push(unit);
      this.words.push(element);
      this.gaps.push(gap);
      this.badges.push("[]");
    });
    this.text.replaceChildren(...parts);
  }

  mark(word, index) {
    const element = this.words[index];
    const gap = this.gaps[index];
    setData(element, "style", word.style);
    setData(element, "gold", word.gold);
    setData(gap, "style", word.first ? "" : word.style);
    setData(gap, "gold", word.gold_first ? "" : word.gold);
    setData(gap, "entity", word.first ? "" : word.entity);
    for (const name of ["first", "last", "moved", "lost"]) {
      element.classList.toggle(name, word[name]);
    }
    gap.classList.toggle("moved", word.moved && !word.first);
    if (word.roman) element.title = word.roman;
    else element.removeAttribute("title");
    const badges = JSON.stringify(word.badges);
    if (badges === this.badges[index]) return;
    this.badges[index] = badges;
    this.setBadges(element, word.badges.map(makeBadge));
  }

  // The word itself stays where it is: an element that is put in anew loses the focus.
  setBadges(element, badges) {
    const old = [...element.parentElement.children].filter((one) => one !== element);
    const focused = old.indexOf(element.getRootNode().activeElement);
    for (const one of old) one.remove();
    element.before(...badges);
    if (focused >= 0) (badges[focused] ?? badges[0] ?? element).focus();
  }

  focus(index) {
    const word = this.words[index];
    if (!word) return;
    for (const one of this.words) if (one.tabIndex === 0) one.tabIndex = -1;
    word.tabIndex = 0;
    word.focus();
  }
}

// A badge has a direction of its own, so that the sentence's is found from its words alone.
function makeBadge(badge) {
  const opens = badge.kind === "projected" && typeof badge.entity === "number";
  const element = opens ? makeButton() : make("span");
  element.className = `badge ${badge.kind}`;
  if (badge.moved) element.classList.add("moved");
  if (badge.pinned) element.appendChild(makeIcon("pin"));
  if (badge.kind === "banned") element.appendChild(makeIcon("ban"));
  element.append(badge.text);
  element.dir = "ltr";
  element.title = badge.title;
  setData(element, "entity", badge.entity);
  return element;
}

// The lines. Of a long pair only those are drawn that touch what is pointed at.
class LinkLines {
  constructor(view) {
    this.view = view;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "lines");
    this.svg.setAttribute("aria-hidden", "true");
    this.rubber = null;
  }

  draw() {
    const { view, svg } = this;
    const frame = view.root.getBoundingClientRect();
    const lit = view.glow.links;
    const quiet = view.data.long ? [] : view.links.filter((link) => !lit.has(link));
    // What is merely selected is lit, but dims nothing.
    const faint = view.pointed || view.focused || view.held ? " faint" : "";
    const drawn = [
      ...quiet.map((link) => this.link(link, frame, kindOf(link) + faint)),
      ...(view.data.long ? [] : view.data.removed).map((link) => this.link(link, frame, "removed")),
      ...[...lit].map((link) => this.link(link, frame, `${kindOf(link)} lit`)),
    ];
    if (this.rubber) drawn.push(this.curve(this.rubber, frame, "rubber"));
    // Everything is measured before anything is written: one layout a drawing.
    svg.setAttribute("viewBox", `0 0 ${frame.width || 1} ${frame.height || 1}`);
    svg.replaceChildren(...drawn.filter(Boolean));
  }

  link(link, frame, className) {
    const ends = SIDES.map((side) => this.view.sentences[side].words[link[side]]);
    const [from, to] = ends.map((word) => word && word.getClientRects()[0]);
    if (!from || !to) return null;
    const path = this.curve([middle(from, from.bottom), middle(to, to.top)], frame, className);
    setData(path, "style", this.view.data.source.words[link.source].style);
    return path;
  }

  curve([from, to], frame, className) {
    const [x1, y1, x2, y2] = [
      from.x - frame.left, from.y - frame.top, to.x - frame.left, to.y - frame.top,
    ];
    const bend = (y2 - y1) / 2;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`);
    path.setAttribute("class", className.trim());
    return path;
  }
}

function middle(box, y) {
  return { x: box.left + box.width / 2, y };
}

function kindOf(link) {
  if (link.added) return "added";
  return link.sure ? "" : "possible";
}
