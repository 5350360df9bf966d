/* The ways from one page to the others, in one order on all of them. Whoever may not see a page is shown no way to it. */

import { html } from "../draw/html.js";

const PAGES = [
  { page: "floor", action: "floor.read", href: "/floor" },
  { page: "breaks", action: "ledger.read", href: "/breaks" },
  { page: "campaigns", action: "campaigns.read", href: "/campaigns" },
  { page: "recordings", action: "recordings.find", href: "/recordings" },
  { page: "reports", action: "reports.read", href: "/reports" },
];

/* `here`: the page that is open. `tabs`: its own, in its place; else a link to itself. */
export function Pages({ say, session, here, tabs = null }) {
  const may = (action) => Boolean(session?.actions.includes(action));
  const link = ({ page, href }) => html`<a class="tab" key=${page} href=${href}
    aria-current=${page === here ? "page" : null}>${say(`top.${page}`)}</a>`;
  return html`<nav aria-label=${say("top.pages")}>
    ${session && !may("floor.read") && here !== "floor" ? html`<a class="tab" href="/agent">${say("top.agent")}</a>` : null}
    ${PAGES.filter(({ page, action }) => page === here || may(action)).map((each) => (each.page === here && tabs) || link(each))}
  </nav>`;
}
