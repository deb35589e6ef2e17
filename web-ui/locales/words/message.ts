export interface MessageWords {
  readonly title: string;
}
