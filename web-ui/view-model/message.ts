/** A letter to the contractor about one finding. */
export interface MessagePage {
  readonly kind: "message";
  readonly finding: string;
  /** Of the finding. */
  readonly title: string;
  /** The whole letter with its subject line, lines apart by `\n`. */
  readonly letter: string;
  /** True when there are blanks to fill in by hand. */
  readonly blanks: boolean;
}
