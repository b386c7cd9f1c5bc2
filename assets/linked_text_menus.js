// What the menus of the linked view offer: each item has a text and the event that it sends.

function nameOf(data, index) {
  const { letter, label, text } = data.entities[index];
  return `${letter} ${label} “${text}”`;
}

function overlaps(one, two) {
  return one.start < two.end && two.start < one.end;
}

function isAt(place, entity, { start, end }) {
  return place.entity === entity && place.start === start && place.end === end;
}

function place(entity, { start, end }) {
  return { entity, start, end };
}

// For a candidate: the two it is not, and letting go of what it is.
function candidateOffer(data, spot) {
  const pinned = data.pins.some((one) => isAt(one, spot.entity, spot));
  const banned = data.bans.some((one) => isAt(one, spot.entity, spot));
  const name = nameOf(data, spot.entity);
  const at = place(spot.entity, spot);
  const items = [];
  if (!pinned) items.push({ label: `Pin to ${name}`, icon: "pin", event: { kind: "pin", ...at } });
  if (!banned) items.push({ label: `Ban for ${name}`, icon: "ban", event: { kind: "ban", ...at } });
  if (pinned || banned) {
    const label = `Free: ${pinned ? "no pin" : "no ban"} for ${name}`;
    items.push({ label, event: { kind: "free", ...at } });
  }
  return items;
}

// For words of the target: pin them to an entity; ban the span that is there; let go of a mark.
function targetOffer(data, span, selected) {
  const here = data.spans.filter((one) => one.entity !== null && overlaps(one, span));
  const first = [selected, ...here.map((one) => one.entity)].filter((one) => one !== null);
  const order = [...new Set([...first, ...data.entities.keys()])];
  const known = (one) => overlaps(one, span) && data.entities[one.entity];
  const marks = [...data.pins, ...data.bans].filter(known);
  const pins = order
    .filter((entity) => !data.pins.some((one) => isAt(one, entity, span)))
    .map((entity) => ({
      label: `Pin to ${nameOf(data, entity)}`,
      icon: "pin",
      style: data.entities[entity].style,
      event: { kind: "pin", ...place(entity, span) },
    }));
  const words = (one) => textOf(data.target.words, one);
  const bans = here.map((one) => ({
    label: `Ban “${words(one)}” for ${nameOf(data, one.entity)}`,
    icon: "ban",
    style: data.entities[one.entity].style,
    event: { kind: "ban", ...place(one.entity, one) },
  }));
  const frees = marks.map((one) => ({
    label: `Free “${words(one)}” for ${nameOf(data, one.entity)}`,
    event: { kind: "free", ...place(one.entity, one) },
  }));
  const near = new Set(first).size;
  return { items: [...pins.slice(0, near), ...bans, ...frees, ...pins.slice(near)] };
}

// For words of the source: make an entity, or change those that are there.
function sourceOffer(data, span) {
  const touched = [...data.entities.keys()].filter((index) => overlaps(data.entities[index], span));
  const entity = (at, label, old) => ({ kind: "entity", start: at.start, end: at.end, label, old });
  if (!touched.length) {
    return {
      items: data.classes.map(({ label, style }) => ({
        label: `New entity: ${label}`,
        style,
        event: entity(span, label, null),
      })),
      other: (label) => entity(span, label, null),
    };
  }
  const items = touched.flatMap((old) => {
    const at = data.entities[old];
    const same = at.start === span.start && at.end === span.end;
    const label = `Resize ${at.letter} to this`;
    const resize = { label, style: at.style, event: entity(span, at.label, old) };
    return [
      ...(same ? [] : [resize]),
      { label: `Remove ${at.letter} ${at.label}`, event: { kind: "remove", entity: old } },
    ];
  });
  const [old] = touched;
  const at = data.entities[old];
  const classes = data.classes.filter(({ label }) => label !== at.label);
  return {
    items: [
      ...items,
      ...classes.map(({ label, style }) => ({
        label: `Class of ${at.letter}: ${label}`,
        style,
        event: entity(at, label, old),
      })),
    ],
    other: (label) => entity(at, label, old),
  };
}
