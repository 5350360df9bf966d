/* One question to the board and its answer as a value: never an exception, and never longer than PATIENCE_MS.

The counterpart of wallboard/refusals.py. What changes something carries the token that GET /api/session gave, so that no
other site can ask in our name, and `key`: the same press that is sent twice, because no answer came, is done once. */

const PATIENCE_MS = 10_000;

/* {ok, status, data, message}: data of a good answer; message is the board's own sentence when it refuses, or "". */
export async function ask(path, { method = "GET", body, csrf, key } = {}) {
  const headers = { Accept: "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf) headers["X-Andon-CSRF"] = csrf;
  try {
    const said = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(path, { method, headers, body: said, signal: AbortSignal.timeout(PATIENCE_MS) });
    const data = await readJson(answer);
    return { ok: answer.ok, status: answer.status, data, message: answer.ok ? "" : data?.message || "" };
  } catch {
    return { ok: false, status: 0, data: null, message: "" };
  }
}

async function readJson(answer) {
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
