import type { AccessWords } from "../words/access.ts";

export const access: AccessWords = {
  title: "Codes and hand-over",
};
