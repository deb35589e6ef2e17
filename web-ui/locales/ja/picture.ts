import type { PictureWords } from "../words/picture.ts";

export const picture: PictureWords = {
  title: "カメラと通り道の図",
};
