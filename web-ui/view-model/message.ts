export interface MessagePage {
  readonly kind: "message";
}
