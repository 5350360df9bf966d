/* How many rows fit on this screen, read from the page as it stands: the style sheet alone knows sizes. */

/* Until it has been measured: more than any screen holds, so that nothing is paged by guess. */
export const ONE_PAGE = Object.freeze({ agents: 60, queues: 30, campaigns: 30 });

/* null while the page shows no rows at all. */
export function capacityOf(page) {
  const list = page.querySelector(".agents");
  if (list === null) return null;
  const style = getComputedStyle(list);
  const row = parseFloat(style.gridAutoRows);
  const columns = style.gridTemplateColumns.split(" ").length;
  return {
    agents: rows(list, row) * columns,
    queues: rows(page.querySelector(".queues"), row, 1),
    campaigns: rows(page.querySelector(".campaigns"), row, 1),
  };
}

function rows(room, row, headings = 0) {
  return room === null ? 1 : Math.max(1, Math.floor(room.clientHeight / row) - headings);
}
