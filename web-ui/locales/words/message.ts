export interface MessageWords {
  readonly title: string;
  readonly why: string;
  readonly withheld: string;
  readonly blanks: string;
  readonly label: string;
  readonly copy: string;
  readonly copied: string;
  readonly notCopied: string;
  readonly copyByHand: string;
  readonly print: string;
  readonly back: string;
  /** The letter, line by line. */
  readonly subject: (place: string) => string;
  readonly dear: (company: string) => string;
  readonly greeting: (place: string) => string;
  readonly found: (date: string) => string;
  readonly answer: (days: number, by: string) => string;
  readonly foundHeading: string;
  readonly camera: (name: string) => string;
  readonly device: (name: string) => string;
  readonly model: (model: string) => string;
  readonly result: (title: string) => string;
  readonly since: (date: string) => string;
  readonly requestHeading: string;
  readonly menu: (path: string) => string;
  readonly noStep: string;
  readonly askHeading: string;
  readonly questions: readonly [string, string, string];
  /** Where it is about no camera. */
  readonly deviceQuestions: readonly [string, string, string];
  readonly after: string;
  readonly person: (name: string) => string;
  readonly phone: (number: string) => string;
}
