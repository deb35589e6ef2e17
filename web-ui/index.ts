export { ASSETS, type Asset } from "./assets.ts";
export type { Words } from "./locales/words/index.ts";
export { renderPage, renderWrongHost } from "./render.tsx";
export { dayNumber, formatDate, formatTime } from "./time.ts";
export * from "./view-model/index.ts";
export { consentText, wordsOf } from "./words.ts";
