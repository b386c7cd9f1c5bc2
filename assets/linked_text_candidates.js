// The best candidates of the selected entity, as chips below the sentences.

const BLOCKED = { word: "a word is taken", filtered: "filtered", banned: "", pinned: "" };

class CandidateRow {
  constructor(view) {
    this.view = view;
    this.element = make("div", "candidates");
    this.element.setAttribute("role", "group");
    this.element.hidden = true;
  }

  update() {
    const { data, selected } = this.view;
    const entity = selected === null ? undefined : data.entities[selected];
    this.element.hidden = !entity;
    if (!entity) {
      this.element.replaceChildren();
      return;
    }
    const focused = this.view.focusedIn(this.element);
    const place = focused && focused.dataset.place;
    const name = `${entity.letter} ${entity.label} “${entity.text}”`;
    this.element.setAttribute("aria-label", `Candidates for ${name}`);
    const lead = make("span", "lead");
    writeQuoted(lead, `Candidates for ${name}:`);
    const chips = data.candidates[selected].map((candidate) => this.chip(candidate));
    const close = makeButton("close", "×");
    close.setAttribute("aria-label", "Close the candidates");
    close.addEventListener("click", () => this.view.select(null));
    if (!chips.length) lead.append(" none was proposed.");
    this.element.replaceChildren(lead, close, ...chips);
    const again = place && this.element.querySelector(`[data-place="${place}"]`);
    again?.focus({ preventScroll: true });
  }

  chip(candidate) {
    const { data, selected } = this.view;
    const here = (one) =>
      one.entity === selected && one.start === candidate.start && one.end === candidate.end;
    const pinned = data.pins.some(here);
    const banned = data.bans.some(here);
    const chip = makeButton(`chip ${candidate.role}`);
    Object.assign(chip.dataset, { start: candidate.start, end: candidate.end });
    chip.dataset.place = `${candidate.start}-${candidate.end}`;
    chip.classList.toggle("banned", banned);
    const text = make("bdi", "chip-text", candidate.text);
    text.lang = data.target.language;
    const role = { chosen: "✓ chosen", "runner-up": "runner-up" }[candidate.role];
    const notes = [
      candidate.score === null ? "" : candidate.score.toFixed(2),
      role || BLOCKED[candidate.blocked] || "",
      pinned ? "pinned" : "",
      banned ? "banned" : "",
    ];
    if (pinned || banned) chip.appendChild(makeIcon(pinned ? "pin" : "ban"));
    chip.append(text, " ", make("small", "", notes.filter(Boolean).join(" · ")));
    if (candidate.origins.length) chip.title = `proposed by ${candidate.origins.join(", ")}`;
    return chip;
  }
}
