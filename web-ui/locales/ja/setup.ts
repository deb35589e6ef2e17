import type { SetupWords } from "../words/setup.ts";

export const setup: SetupWords = {
  title: "はじめの設定",
};
