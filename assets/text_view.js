// The entry of the component. One view lives as long as its place in the page.

const mounts = new WeakMap();

function mount(parentElement, data) {
  const root = make("div", "pair");
  parentElement.appendChild(root);
  const outbox = new Outbox();
  const view = new LinkedText(root, data);
  view.add({ relink: (links) => outbox.links(links) });
  const candidates = view.add(new CandidateRow(view));
  view.lines.svg.before(candidates.element);
  const help = new HelpPanel(view, data.editable ? KEYS : READING_KEYS);
  view.add(new Editor(view, new Menu(view), help));
  const toggle = (cell) => {
    if (view.data.editable) view.send?.({ kind: "link", source: cell.source, target: cell.target });
  };
  view.add(new MatrixBridge(view, toggle));
  return { view, outbox };
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const mounted = mounts.get(parentElement) ?? mount(parentElement, data);
  mounts.set(parentElement, mounted);
  const { view, outbox } = mounted;
  outbox.answered(data.seen);
  const send = (event) => {
    // What was done belongs to what was seen, even if another sentence is on its way.
    const told = { ...event, subject: view.data.subject };
    outbox.push(told, (events) => setTriggerValue("event", events));
    view.relink();
    view.paint();
  };
  view.send = data.listening ? send : null;
  // An answer to an earlier choice must not undo a later one that is on its way.
  const choosing = outbox.waiting.some((event) => event.kind === "select");
  view.update(choosing ? { ...data, selected: view.selected } : data);
  // Streamlit also calls this when new data overtakes old; the view goes only when its place does.
  return () => setTimeout(() => view.root.isConnected || view.destroy());
}
