export interface AccessPage {
  readonly kind: "access";
}
