/** What changes anything outside this program: each time by a person's click, once, and read back. */
export { closeMapping } from "./close-mapping.ts";
export { closePinhole } from "./close-pinhole.ts";
