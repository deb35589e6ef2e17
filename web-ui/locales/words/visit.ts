export interface VisitWords {
  readonly title: string;
}
