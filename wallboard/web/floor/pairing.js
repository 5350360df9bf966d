/* What the sheet of screens asks the board for: let a screen in, send one away. The sheet itself is screens.js. */

import { ask } from "./ask.js";
import { askScreens, state } from "./state.js";

/* `form`: the row of a waiting code, with its choices. */
export async function approve(element) {
  const form = element.closest("[data-code]");
  const read = (name) => form.querySelector(`[name=${name}]`)?.value.trim() || "";
  const body = { board: read("board"), label: read("label") };
  await change(`/api/screens/${encodeURIComponent(form.dataset.code)}/approve`, { method: "POST", body });
}

/* Asked once, by a second press on the same button. */
export async function revoke(id) {
  if (state.screens.value?.sure !== id) {
    state.screens.value = { ...state.screens.value, sure: id };
    return;
  }
  await change(`/api/screens/${encodeURIComponent(id)}`, { method: "DELETE" });
}

async function change(path, how) {
  state.screens.value = { ...state.screens.value, asking: true, sure: null, message: "" };
  const { ok, message, status } = await ask(path, { ...how, csrf: state.session.value?.csrf });
  state.screens.value = { ...state.screens.value, asking: false, refused: ok ? "" : message || String(status) };
  await askScreens();
}
