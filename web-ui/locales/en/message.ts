import type { MessageWords } from "../words/message.ts";

export const message: MessageWords = {
  title: "Message for the contractor",
};
