export interface PictureWords {
  readonly title: string;
}
