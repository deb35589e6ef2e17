import type {
  Actor,
  Audience,
  CheckId,
  DeviceKind,
  Manager,
  OutcomeValue,
  PostureId,
  QuestionId,
} from "../../../agent/model/index.ts";
import type { Mark, NoticeCode } from "../../view-model/index.ts";
import type { AccessWords } from "./access.ts";
import type { CameraWords } from "./camera.ts";
import type { FindingWords } from "./finding.ts";
import type { MessageWords } from "./message.ts";
import type { OutsideWords } from "./outside.ts";
import type { PictureWords } from "./picture.ts";
import type { ReportWords } from "./report.ts";
import type { SetupWords } from "./setup.ts";
import type { StatementsWords } from "./statements.ts";
import type { VisitWords } from "./visit.ts";
import type { WaysWords } from "./ways.ts";

/**
 * Every word of the pages in one language. Words with a number or a name in them are functions, so that a missing
 * value is a type error; plain text stays plain, so that the copy lint can read it.
 */
export interface Words {
  readonly setup: SetupWords;
  readonly access: AccessWords;
  readonly report: ReportWords;
  readonly visit: VisitWords;
  readonly message: MessageWords;
  readonly finding: FindingWords;
  readonly camera: CameraWords;
  readonly statements: StatementsWords;
  readonly picture: PictureWords;
  readonly ways: WaysWords;
  readonly outside: OutsideWords;
  readonly language: { readonly own: string; readonly other: string };
  readonly product: { readonly name: string; readonly line: string };
  readonly headlines: { readonly [Id in PostureId]: HeadlineWords };
  readonly marks: Readonly<Record<Mark, string>>;
  readonly outcomes: Readonly<Record<OutcomeValue, string>>;
  readonly checks: Readonly<Record<CheckId, string>>;
  readonly kinds: Readonly<Record<DeviceKind, string>>;
  readonly managers: Readonly<Record<Manager, string>>;
  readonly actors: Readonly<Record<Actor, string>>;
  readonly ladder: Readonly<Record<Audience, string>>;
  readonly notices: Readonly<Record<NoticeCode, string>>;
  readonly time: TimeWords;
  readonly common: {
    readonly cameras: (n: number) => string;
    readonly quoted: (name: string) => string;
    readonly and: string;
    readonly notCamera: string;
    readonly thisPlace: string;
    readonly unnamedCamera: string;
    readonly lastCheck: string;
    readonly nextCheck: string;
    readonly never: string;
    readonly contact: string;
    readonly unknownReason: string;
    readonly stoppedSince: string;
    readonly lost: string;
    readonly backToStatus: string;
    readonly skip: string;
    readonly menu: string;
  };
  readonly status: {
    readonly title: string;
    readonly details: string;
    readonly camerasHeading: string;
    readonly elsewhereHeading: string;
    readonly since: (date: string) => string;
    readonly unsettled: (n: number, mark: string) => string;
    readonly notFound: (n: number) => string;
    readonly checkNow: string;
    readonly whatToDo: string;
    readonly accepted: (n: number) => string;
    readonly cannotKnowTitle: string;
    readonly cannotKnow: (place: string) => string;
    readonly notYet: string;
    readonly more: (n: number) => string;
    readonly asOf: (at: string) => string;
    readonly openQuestions: (n: number) => string;
  };
  readonly scanning: {
    readonly title: string;
    readonly progress: (done: number, total: number) => string;
    readonly starting: string;
    readonly mayClose: string;
    /** Stands before the name of a camera. */
    readonly nth: (nth: number, of: number) => string;
    readonly found: string;
    /** What a question looks at, as a noun: it is shown once the question has been put. */
    readonly asked: Readonly<Record<QuestionId, string>>;
  };
  readonly claim: {
    readonly title: string;
    readonly why: string;
    readonly label: string;
    /** Whose code is which, one sentence each: site, setup, contractor. */
    readonly codes: readonly [string, string, string];
    readonly submit: string;
    readonly wrong: string;
    readonly tooMany: (time: string) => string;
    readonly signOut: string;
    readonly lost: string;
  };
  readonly consent: ConsentWords;
  readonly about: AboutWords;
  readonly problems: Readonly<Record<"notFound" | "notYours" | "host" | "bad" | "broken", ProblemWords>>;
}

export interface ProblemWords {
  readonly title: string;
  readonly text: string;
}

/** `title` and `sentence` of one headline; `n` and the names come from the posture. */
export interface HeadlineWords {
  readonly title: (values: HeadlineValues) => string;
  readonly sentence: (values: HeadlineValues) => string;
}

export interface HeadlineValues {
  readonly n: number;
  readonly total: number;
  /** How many cameras `who` is. */
  readonly affected: number;
  /** Cameras, or their names for whoever is signed in. */
  readonly who: string;
  readonly place: string;
  readonly at: string;
  readonly by: string;
}

export interface TimeWords {
  readonly today: string;
  readonly yesterday: string;
  readonly date: (year: number, month: number, day: number) => string;
  readonly on: (date: string, clock: string) => string;
}

export interface ConsentWords {
  readonly title: string;
  readonly intro: (place: string) => string;
  readonly acts: readonly [string, string, string];
  readonly confirm: string;
  readonly boxes: readonly [string, string, string];
  readonly person: string;
  readonly role: string;
  readonly months: string;
  readonly monthsOption: (n: number) => string;
  readonly managers: string;
  readonly managersHelp: string;
  readonly managersSaid: string;
  readonly managersChange: string;
  readonly allow: string;
  readonly lookOnly: string;
  readonly law: string;
  readonly records: string;
  readonly renew: string;
  readonly whoMay: string;
  readonly none: string;
  readonly recordSealed: (from: string, until: string) => string;
  readonly record: (person: string, role: string, from: string, until: string) => string;
  readonly levelAsk: string;
  readonly levelTry: string;
  readonly withdraw: string;
  readonly withdrawn: (date: string) => string;
  readonly expired: string;
}

export interface AboutWords {
  readonly title: string;
  readonly what: string;
  readonly levels: string;
  readonly when: string;
  readonly rows: readonly { readonly level: string; readonly does: string; readonly when: string }[];
  readonly never: string;
  readonly neverRows: readonly string[];
  readonly passwords: string;
  readonly passwordsText: string;
  readonly plainHttp: string;
  readonly plainHttpText: string;
  readonly version: string;
}
