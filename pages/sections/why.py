"""The card "Why this span?": what an entity could have had, what stopped it, what would flip it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from core.explain import entity_letter
from core.whatif.card import Card, Change, Option, card, knob_changes, other_changes
from core.whatif.flips import Track
from pages.sections import cases, edit_forms, editing
from pages.sections.cases import Shown
from pages.widgets import state, tables

_ROLES = {"chosen": "chosen", "runner-up": "second", "blocked": "blocked"}
_MOST_CHANGES = 8


def choose_entity(shown: Shown) -> int | None:
    """Ask which entity to look at; the text view asks the same by a click."""
    source = shown.now.pair.source
    current = cases.selected_entity(shown)
    if current is None:
        return None
    key = f"{shown.page}.entity"
    if st.session_state.get(key) != current:
        st.session_state[key] = current

    def label(entity: int) -> str:
        span = source.spans[entity]
        return f"{entity_letter(entity)} {span.label} {source.text_of(span)}"

    def take() -> None:
        chosen = st.session_state[key]
        if isinstance(chosen, int):  # a name that is no longer offered comes back as it is
            cases.select_entity(shown.place, chosen, page=shown.page)

    st.selectbox(
        "Why this span? Entity",
        range(len(source.spans)),
        format_func=label,
        key=key,
        on_change=take,
    )
    return current


def show_card(shown: Shown, entity: int) -> None:
    """Show what the entity could have had, and why it got what it got."""
    found = card(shown.now, entity)
    with st.container(key=f"{shown.page}.card"):
        tables.show_texts(found.verdict, key=f"{shown.page}.verdict")
        if found.options:
            st.html(_options_html(found))
        _show_actions(shown, found)


def _options_html(found: Card) -> str:
    """Draw each option with its score as a bar, one piece a score."""
    names = list(dict.fromkeys(name for one in found.options for name in one.parts))
    most = max((one.score for one in found.options), default=0.0) or 1.0
    rows = "".join(_option_row(one, names, most) for one in found.options)
    legend = "".join(
        f'<span class="sb-key" data-part="{index % 6}">{escape(name)}</span>'
        for index, name in enumerate(names)
    )
    margin = "" if found.margin is None else f"<p>Margin over the runner-up: {found.margin:.2f}</p>"
    return (
        f'<div class="sb-card"><div class="sb-scroll" tabindex="0" role="group" '
        f'aria-label="{escape(found.title)}"><table class="sb-table"><thead><tr>'
        '<th scope="col">Span</th><th scope="col">Role</th><th scope="col" class="sb-number">Score'
        f'</th><th scope="col">{legend or "Parts"}</th></tr></thead><tbody>{rows}</tbody></table>'
        f"</div>{margin}</div>"
    )


def _option_row(option: Option, names: Sequence[str], most: float) -> str:
    pieces = "".join(
        f'<span data-part="{names.index(name) % 6}" title="{escape(name)} {value:.2f}" '
        f'style="width:{100 * value / most:.2f}%"></span>'
        for name, value in option.parts.items()
        if value > 0
    )
    told = ", ".join(f"{name} {value:.2f}" for name, value in option.parts.items())
    blocker = f'<p class="sb-remark">{escape(option.blocker)}</p>' if option.blocker else ""
    bounds = f"[{option.candidate.start},\u00a0{option.candidate.end})"
    return (
        f'<tr data-role="{option.role}"><td dir="auto"><bdi>{escape(option.text)}</bdi> '
        f'<span class="sb-remark">{bounds}</span>{blocker}</td><td>{_ROLES[option.role]}</td>'
        f'<td class="sb-number">{option.score:.2f}</td><td><div class="sb-parts" role="img" '
        f'aria-label="{escape(told)}">{pieces}</div></td></tr>'
    )


def _show_actions(shown: Shown, found: Card) -> None:
    """Offer to pin the span, to forbid it, or to let go what was fixed."""
    page, entity = shown.page, found.entity
    chosen = [one.candidate for one in found.options if one.role == "chosen"]
    fixed = [one for one in (*shown.edits.pins, *shown.edits.bans) if one.entity == entity]
    with st.container(horizontal=True, gap="small"):
        for candidate in chosen[:1]:
            place = (candidate.start, candidate.end)
            st.button(
                "Pin",
                key=f"{page}.pin",
                icon=":material/keep:",
                help="keep this span, whatever else changes",
                on_click=partial(editing.apply, shown, edit_forms.pin_event(entity, *place)),
            )
            st.button(
                "Forbid",
                key=f"{page}.ban",
                icon=":material/block:",
                help="solve again without this span for this entity",
                on_click=partial(editing.apply, shown, edit_forms.ban_event(entity, *place)),
            )
        for one in fixed:
            text = shown.now.pair.target.text_of(one)
            kind = "pin" if one in shown.edits.pins else "ban"
            st.button(
                f"Undo the {kind} of “{_plain(text)}”",
                key=f"{page}.free.{kind}.{one.start}.{one.end}",
                on_click=partial(
                    editing.apply, shown, edit_forms.free_event(entity, one.start, one.end)
                ),
            )


def _plain(text: str) -> str:
    """Keep Streamlit from reading a label as Markdown."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-.!$:<>~|" else char for char in text)


def show_changes(shown: Shown, entity: int, tracks: Sequence[Track]) -> None:
    """Show what would have to change for the entity to get another span; each can be tried."""
    page = shown.page
    changes = knob_changes(shown.now, entity, tracks)
    changes += other_changes(
        shown.case, shown.turned, shown.edits, shown.now, entity, pause=state.pause
    )
    tables.show_heading("What would flip it")
    if not changes:
        told = "No single slider, link of this entity or span of a rival flips this decision."
        tables.show_texts([told], key=f"{page}.no_changes")
        return
    for place, change in enumerate(changes[:_MOST_CHANGES]):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Try",
                key=f"{page}.try.{place}",
                on_click=partial(_try, shown, change),
                help="make this change; Reset all takes it back",
            )
            tables.show_texts([f"{change.text} → {change.outcome}"], key=f"{page}.change.{place}")
    if len(changes) > _MOST_CHANGES:
        st.caption(f"{len(changes) - _MOST_CHANGES} more are not listed.")


def _try(shown: Shown, change: Change) -> None:
    if change.kind == "knob":
        cases.overrides(shown.config, page=shown.page)[change.knob] = change.value
    elif change.link is not None:
        editing.apply(shown, edit_forms.link_event(change.link.source, change.link.target))
    elif change.ban is not None:
        ban = change.ban
        editing.apply(shown, edit_forms.ban_event(ban.entity, ban.start, ban.end))
