export interface SetupWords {
  readonly title: string;
}
