export interface VisitPage {
  readonly kind: "visit";
}
