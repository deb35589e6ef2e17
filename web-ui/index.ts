export { ASSETS, type Asset } from "./assets.ts";
export type { Words } from "./locales/words.ts";
export { renderPage, renderWrongHost } from "./render.tsx";
export { dayNumber, formatDate, formatTime } from "./time.ts";
export * from "./view-model.ts";
export { consentText, wordsOf } from "./words.ts";
