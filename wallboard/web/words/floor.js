/* What only the floor page says, in each language. Pure; speaker(lang, FLOOR) in ../words.js makes sentences of it. */

const en = {
  "floor.title": "Andon floor",
};

const zh = {
  "floor.title": "Andon 现场",
};

export const FLOOR = { en, zh };
