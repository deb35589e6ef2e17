export interface ReportPage {
  readonly kind: "report";
}
