// Remembers the reviewer's name in this browser, and gives it back to a window that has none.
const KEY = "spanbridge.reviewer";

export default function (component) {
  const { data, setStateValue } = component;
  try {
    if (data.name) {
      window.localStorage.setItem(KEY, data.name);
      return;
    }
    const known = window.localStorage.getItem(KEY);
    // Later, not while it is being put up: Streamlit would lose it.
    if (known) setTimeout(() => setStateValue("remembered", known), 0);
  } catch {
    // A browser that keeps nothing: the name is typed again.
  }
}
