/* Which alerts are open, in what order, and how many nobody has looked at yet. Pure; the counterpart of realtime/rules/alerts.py. */

const RANK = { act: 0, warn: 1 };

/* Those that are not over, or not closed by anybody though they were red: the worst and oldest first. Pure. */
export function openAlerts(alerts) {
  const open = (alerts || []).filter((alert) => alert.closed === null || alert.closed === undefined);
  return open.sort((one, other) => Number(isCleared(one)) - Number(isCleared(other)) || RANK[one.severity] - RANK[other.severity] ||
    one.since - other.since);
}

export function isCleared(alert) {
  return alert.cleared !== null && alert.cleared !== undefined;
}

/* How many are so and nobody has said that they look: {act, warn}. */
export function countAlerts(alerts) {
  const open = openAlerts(alerts).filter((alert) => !isCleared(alert) && !alert.acknowledged);
  const number = (severity) => open.filter((alert) => alert.severity === severity).length;
  return { act: number("act"), warn: number("warn") };
}
