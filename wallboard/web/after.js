/* Where somebody goes after signing in, and what a refused sign-in is called. Pure.

`next` comes from the address, so anybody may have written it: only a path of this very site is followed. */

/* The path to go on to, or "" when `next` leads elsewhere, or back to signing in. */
export function ownPath(next, origin) {
  if (!next || !next.startsWith("/") || !URL.canParse(next, origin)) return "";
  const to = new URL(next, origin);
  const own = to.origin === origin && !to.pathname.startsWith("//") && to.pathname !== "/login";
  return own ? to.pathname + to.search + to.hash : "";
}

/* The page that is right for who has signed in; "" when there is none. */
export function homeOf({ role, actions }) {
  if (!actions.includes("floor.read")) return actions.includes("break.own") ? "/agent" : "";
  return role === "screen" ? "/wall" : "/floor";
}

/* answer: as ask.js gives it. */
export function refusalOf({ status, data }, byToken) {
  if (status === 0) return "unreachable";
  if (status === 429) return byToken ? "slow_token" : "slow";
  if (status === 401 || data?.error === "body_invalid") return byToken ? "wrong_token" : "wrong_password";
  return "failed";
}
