import type { MessageWords } from "../words/message.ts";

export const message: MessageWords = {
  title: "業者に送る文面",
};
