import type { SetupWords } from "../words/setup.ts";

export const setup: SetupWords = {
  title: "First set-up",
};
