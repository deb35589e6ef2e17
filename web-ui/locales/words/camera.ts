export interface CameraWords {
  readonly missing: (date: string) => string;
  readonly missingNever: string;
  readonly retired: string;
  readonly findings: string;
  readonly results: string;
  readonly answering: string;
  /** Doors in plain words; `door` is its technical name. */
  readonly doors: {
    readonly web: (door: string) => string;
    readonly webEncrypted: (door: string) => string;
    readonly video: (door: string) => string;
    readonly common: (door: string) => string;
    readonly telnet: (door: string) => string;
    readonly outside: (door: string) => string;
    readonly whole: string;
  };
  readonly name: string;
  /** For a router and the like. */
  readonly deviceName: string;
  readonly nameHelp: string;
  readonly manager: string;
  readonly managerHelp: string;
  readonly save: string;
  readonly retire: string;
  readonly retireHelp: string;
  readonly record: string;
  readonly kind: string;
  readonly maker: string;
  readonly model: string;
  readonly firmware: string;
  readonly certainty: string;
  readonly addresses: string;
  readonly mac: string;
  readonly names: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly notApplicable: string;
}
