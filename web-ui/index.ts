export { ASSETS, type Asset } from "./assets.ts";
export type { HeadlineValues, Words } from "./locales/words/index.ts";
export { renderPage, renderWrongHost } from "./render.tsx";
export { dayNumber, formatDate, formatStamp, formatTime } from "./time.ts";
export * from "./view-model/index.ts";
export { consentText, wordsOf } from "./words.ts";
