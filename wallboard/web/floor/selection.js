/* Which rows are selected: one by one, or from one to another. Pure; it says nothing of what may be done with them. */

export const NOTHING = Object.freeze({ ids: new Set(), from: null });

/* `from` is where a range begins: the row that was toggled last. */
export function toggle({ ids }, id) {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, from: id };
}

/* Everything between, in the order that is shown, beside what was selected before. */
export function extend({ ids, from }, shown, id) {
  const [start, end] = [shown.indexOf(from ?? id), shown.indexOf(id)].sort((one, other) => one - other);
  if (start < 0) return toggle({ ids: new Set([...ids].filter((each) => each !== id)) }, id);
  return { ids: new Set([...ids, ...shown.slice(start, end + 1)]), from: from ?? id };
}

/* Who has left the floor is selected no more. The same object when nobody has. */
export function kept(selection, rows) {
  const gone = [...selection.ids].filter((id) => !rows.has(id));
  if (!gone.length) return selection;
  return { ...selection, ids: new Set([...selection.ids].filter((id) => rows.has(id))) };
}
