// Two sentences above one another, their entities, and the word links between them.
// All text arrives as data and is written with textContent, so it is never interpreted.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// A badge has a direction of its own, so that the sentence's is found from its words alone.
function makeBadge(badge, className) {
  const element = make("span", className, badge.text);
  element.dir = "ltr";
  element.title = badge.title;
  return element;
}

function makeWord(word, side, index) {
  const element = make("span", "word", word.text);
  element.dataset.side = side;
  element.dataset.index = index;
  element.tabIndex = index === 0 ? 0 : -1;
  if (word.style) element.dataset.style = word.style;
  if (word.first) element.classList.add("first");
  if (word.last) element.classList.add("last");
  if (word.gold) element.dataset.gold = word.gold;
  return element;
}

// A word and the badges before it stay on one line.
function makeUnit(word, side, index) {
  const element = makeWord(word, side, index);
  if (!word.badges.length) return element;
  const unit = make("span", "unit");
  for (const badge of word.badges) unit.appendChild(makeBadge(badge, `badge ${badge.kind}`));
  unit.appendChild(element);
  return unit;
}

function makeSentence(sentence, side) {
  const section = make("section", `sentence ${side}`);
  const heading = make("h4", "", sentence.title);
  heading.appendChild(make("small", "", sentence.note));
  const text = make("p", "text");
  text.lang = sentence.language;
  text.dir = sentence.direction;
  sentence.words.forEach((word, index) => {
    if (word.gap) {
      const gap = make("span", "gap", word.gap);
      if (word.style && !word.first) gap.dataset.style = word.style;
      if (word.gold && !word.gold_first) gap.dataset.gold = word.gold;
      text.appendChild(gap);
    }
    text.appendChild(makeUnit(word, side, index));
  });
  section.append(heading, text);
  return section;
}

class LinkedText {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.selected = null;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("aria-hidden", "true");
    this.info = make("p", "info");
    this.info.setAttribute("aria-live", "polite");
    root.append(makeSentence(data.source, "source"), makeSentence(data.target, "target"));
    root.append(this.svg, this.info);
    this.words = {};
    for (const side of ["source", "target"]) {
      this.words[side] = [...root.querySelectorAll(`.word[data-side=${side}]`)];
    }
    root.addEventListener("mouseover", (event) => this.hover(event.target));
    root.addEventListener("mouseleave", () => this.show(this.selected));
    root.addEventListener("focusin", (event) => this.hover(event.target));
    root.addEventListener("click", (event) => this.select(event.target));
    root.addEventListener("keydown", (event) => this.move(event));
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.show(null);
  }

  hover(element) {
    const word = element.closest(".word");
    this.show(word || this.selected);
  }

  select(element) {
    const word = element.closest(".word");
    this.selected = word === this.selected ? null : word;
    this.show(this.selected);
  }

  // Arrow keys walk through a sentence's words, Enter holds one, Escape lets go.
  move(event) {
    const word = event.target.closest(".word");
    if (!word) return;
    const row = this.words[word.dataset.side];
    const index = Number(word.dataset.index);
    const rightToLeft = getComputedStyle(word).direction === "rtl";
    const steps = { ArrowRight: rightToLeft ? -1 : 1, ArrowLeft: rightToLeft ? 1 : -1 };
    if (event.key in steps) {
      const next = row[index + steps[event.key]];
      if (next) {
        word.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
    } else if (event.key === "Enter" || event.key === " ") this.select(word);
    else if (event.key === "Escape") {
      this.selected = null;
      this.show(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  show(word) {
    this.active = word;
    const side = word && word.dataset.side;
    const index = word && Number(word.dataset.index);
    this.lit = word ? this.data.links.filter((link) => link[side] === index) : [];
    for (const words of Object.values(this.words)) {
      for (const one of words) one.classList.remove("active", "linked", "held");
    }
    if (word) word.classList.add("active");
    if (this.selected) this.selected.classList.add("held");
    const other = side === "source" ? "target" : "source";
    for (const link of this.lit) this.words[other][link[other]].classList.add("linked");
    this.tell(word, other);
    this.draw();
  }

  tell(word, other) {
    if (!word) {
      this.info.textContent = this.data.help;
      return;
    }
    const told = this.lit.map((link) => {
      const name = `“${this.data[other].words[link[other]].text}”`;
      const notes = link.similarity === null ? [] : [`similarity ${link.similarity.toFixed(2)}`];
      if (!link.sure) notes.push("possible link");
      return notes.length ? `${name} (${notes.join(", ")})` : name;
    });
    const links = told.length ? `is linked to ${told.join(", ")}` : "is linked to no word";
    this.info.textContent = `“${word.textContent}” ${links}`;
  }

  draw() {
    const frame = this.root.getBoundingClientRect();
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    this.svg.replaceChildren();
    if (!this.data.long) {
      const lit = new Set(this.lit);
      for (const link of this.data.links) {
        if (!lit.has(link)) this.line(link, frame, this.active ? "faint" : "");
      }
    }
    for (const link of this.lit) this.line(link, frame, "lit");
  }

  line(link, frame, className) {
    const source = this.words.source[link.source].getClientRects()[0];
    const target = this.words.target[link.target].getClientRects()[0];
    if (!source || !target) return;
    const x1 = source.left + source.width / 2 - frame.left;
    const x2 = target.left + target.width / 2 - frame.left;
    const y1 = source.bottom - frame.top;
    const y2 = target.top - frame.top;
    const bend = (y2 - y1) / 2;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`);
    path.setAttribute("class", className);
    if (link.style) path.dataset.style = link.style;
    if (!link.sure) path.setAttribute("stroke-dasharray", "4 3");
    this.svg.appendChild(path);
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const root = make("div", data.long ? "pair long" : "pair");
  // Streamlit calls this again for new data: the old view goes, its observer first.
  parentElement.querySelectorAll(".pair").forEach((old) => old.remove());
  parentElement.appendChild(root);
  const view = new LinkedText(root, data);
  return () => view.observer.disconnect();
}
