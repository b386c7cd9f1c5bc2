// The live part of a capsule. It follows the scripts of the linked view in the same element.
// All text arrives as data and is written with textContent, so it is never interpreted.

(() => {
  const page = document.documentElement;
  const { items, word: usual } = JSON.parse(document.getElementById("capsule-data").textContent);
  const style = document.getElementById("linked-style").content;

  // Words come without their usual values.
  function unpack(side) {
    return { ...side, words: side.words.map((word) => ({ ...usual, ...word })) };
  }

  // A view is made when its sentence comes near the window: a hundred at once would take seconds.
  function build(box) {
    if (box.classList.contains("built")) return;
    const shadow = box.querySelector(".live-view").attachShadow({ mode: "open" });
    const root = document.createElement("div");
    shadow.append(style.cloneNode(true), root);
    box.classList.add("built");
    const item = items[Number(box.dataset.item)];
    const data = { ...item, source: unpack(item.source), target: unpack(item.target) };
    const view = new LinkedText(root, data, null);
    const candidates = view.add(new CandidateRow(view));
    view.lines.svg.before(candidates.element);
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        build(entry.target);
      }
    },
    { rootMargin: "600px" },
  );
  document.querySelectorAll(".linked-text").forEach((box) => near.observe(box));

  function button(label, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", () => act(element));
    return element;
  }

  function isDark() {
    if (page.dataset.theme) return page.dataset.theme === "dark";
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  const tools = document.createElement("div");
  tools.className = "tools";
  const theme = button("Dark", () => {
    page.dataset.theme = isDark() ? "light" : "dark";
    showTheme();
  });
  function showTheme() {
    theme.setAttribute("aria-pressed", String(isDark()));
  }
  showTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  tools.append(theme, button("Print", () => print()));

  // J and K go to the next and the previous sentence, as in the app.
  const sections = [...document.querySelectorAll(".item")];
  function step(by) {
    const middle = innerHeight / 3;
    const here = sections.findLastIndex((one) => one.getBoundingClientRect().top < middle);
    const next = sections[Math.min(Math.max(here + by, 0), sections.length - 1)];
    next.scrollIntoView({ block: "start" });
    next.querySelector("h2").focus({ preventScroll: true });
  }
  if (sections.length > 1) {
    sections.forEach((one) => one.querySelector("h2").setAttribute("tabindex", "-1"));
    tools.append(button("Previous (K)", () => step(-1)), button("Next (J)", () => step(1)));
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { j: 1, k: -1 }[event.key.toLowerCase()];
      if (by) step(by);
    });
  }
  document.querySelector(".page-head").append(tools);
})();
