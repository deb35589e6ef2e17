export interface ReportWords {
  readonly title: string;
}
