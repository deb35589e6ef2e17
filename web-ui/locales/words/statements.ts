export interface StatementsWords {
  readonly title: string;
  readonly why: string;
  readonly said: string;
  readonly measured: string;
  readonly by: (company: string, date: string) => string;
  readonly none: string;
  readonly notMeasured: string;
  readonly confirmed: (date: string) => string;
  readonly unsettled: (date: string) => string;
  readonly nothing: (date: string) => string;
  readonly between: string;
  readonly differ: string;
  readonly wholePlace: string;
  readonly perCamera: string;
  readonly add: string;
  readonly company: string;
  readonly text: string;
  readonly textHelp: string;
  readonly saidOn: string;
  readonly save: string;
  readonly remove: string;
  readonly removeWhat: (company: string) => string;
  readonly all: string;
}
