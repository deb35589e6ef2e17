import type { PictureWords } from "../words/picture.ts";

export const picture: PictureWords = {
  title: "Picture of cameras and paths",
};
