export interface AccessPage {
  readonly kind: "access";
  readonly pinSet: boolean;
  readonly handedOverAt: string | null;
  /** True while a code of the machine itself lets this visitor in, so that it can be ended. */
  readonly mayHandOver: boolean;
  readonly contractor: {
    readonly company: string;
    readonly until: string;
    readonly ended: boolean;
  } | null;
  /** A code that was made just now: it is shown this once. */
  readonly invited: { readonly code: string; readonly company: string; readonly until: string } | null;
}
