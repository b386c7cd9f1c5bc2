// The heat map of word similarity, a Plotly chart elsewhere on the page: what is pointed at there
// is lit here, and the other way round. Nothing of it may break the view, whatever Plotly becomes.

class MatrixBridge {
  constructor(view, toggle) {
    Object.assign(this, { view, toggle, plot: null, bands: null });
    this.handlers = {
      plotly_hover: (event) => this.view.point(this.cellOf(event)),
      plotly_unhover: () => this.view.point(null),
      plotly_click: (event) => this.press(this.cellOf(event)),
    };
    // The chart may come long after the text, be another one, or be drawn without our handlers.
    this.entering = (event) => {
      if (event.target.closest?.(this.place)) this.attach();
    };
    document.addEventListener("pointerover", this.entering, true);
  }

  update() {
    this.attach();
  }

  destroy() {
    this.detach();
    document.removeEventListener("pointerover", this.entering, true);
  }

  // Streamlit's class for a key; nothing has the one for no key.
  get place() {
    const key = this.view.data.matrix_key || "none";
    return `.st-key-${CSS.escape(key.replace(/[^A-Za-z0-9_-]/g, "-"))} .js-plotly-plot`;
  }

  attach() {
    const plot = document.querySelector(this.place);
    if (plot !== this.plot) this.detach();
    this.listen("removeListener");
    this.plot = typeof plot?.on === "function" ? plot : null;
    this.listen("on");
  }

  detach() {
    this.bands?.remove();
    this.listen("removeListener");
    this.bands = this.plot = null;
  }

  listen(how) {
    for (const [name, handler] of Object.entries(this.handlers)) this.plot?.[how]?.(name, handler);
  }

  // Over a heat map a point's number is [row, column]; a mark of a link knows its names only.
  cellOf(event) {
    const point = event?.points?.[0];
    if (!point) return null;
    let [source, target] = Array.isArray(point.pointNumber) ? point.pointNumber : [-1, -1];
    if (!Array.isArray(point.pointNumber)) {
      source = this.axis("y")?._categories?.indexOf(point.y) ?? -1;
      target = this.axis("x")?._categories?.indexOf(point.x) ?? -1;
    }
    const { data } = this.view;
    const known = data.source.words[source] && data.target.words[target];
    return known ? { kind: "cell", source, target } : null;
  }

  axis(name) {
    return this.plot?._fullLayout?.[`${name}axis`];
  }

  press(cell) {
    if (cell) this.toggle(cell);
  }

  // Bands over the rows and columns of the lit words.
  light() {
    if (!this.plot?.isConnected) this.attach();
    const frame = this.plot?.querySelector(".svg-container");
    this.bands?.remove();
    this.bands = null;
    if (!frame) return;
    const { active, linked } = this.view.glow;
    const bands = [
      ...this.band("y", [...(active.source ?? []), ...(linked.source ?? [])]),
      ...this.band("x", [...(active.target ?? []), ...(linked.target ?? [])]),
    ];
    if (!bands.length) return;
    this.bands = make("div", "linked-bands");
    this.bands.style.cssText = "position:absolute;inset:0;pointer-events:none;z-index:1";
    this.bands.append(...bands);
    frame.appendChild(this.bands);
  }

  band(name, places) {
    const [along, across] = [this.axis(name), this.axis(name === "x" ? "y" : "x")];
    if (typeof along?.l2p !== "function" || !Number.isFinite(across?._offset)) return [];
    const inside = (pixel) => Math.min(Math.max(pixel, 0), along._length);
    return [...new Set(places)].map((place) => {
      const pixels = [along.l2p(place - 0.5), along.l2p(place + 0.5)].map(inside);
      const [start, end] = [Math.min(...pixels), Math.max(...pixels)];
      const band = make("div");
      const here = [along._offset + start, end - start];
      const whole = [across._offset, across._length];
      const [top, height, left, width] = name === "y" ? [...here, ...whole] : [...whole, ...here];
      band.style.cssText =
        `position:absolute;top:${top}px;height:${height}px;left:${left}px;width:${width}px;` +
        "background:rgba(230,159,0,.22);box-shadow:inset 0 0 0 1px rgba(213,94,0,.8)";
      return band;
    });
  }
}
