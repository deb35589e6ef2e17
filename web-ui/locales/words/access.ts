export interface AccessWords {
  readonly title: string;
}
