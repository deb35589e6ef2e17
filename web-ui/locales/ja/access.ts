import type { AccessWords } from "../words/access.ts";

export const access: AccessWords = {
  title: "番号と引き渡し",
};
