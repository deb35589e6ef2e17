export interface SetupPage {
  readonly kind: "setup";
}
