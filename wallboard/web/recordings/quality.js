/* The tab "quality" of the page of recordings. */

import { Waiting } from "./page.js";

export const ACTS = {};
export const FORMS = {};

export function paths() {
  return {};
}

export const View = Waiting;
