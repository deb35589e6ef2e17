import { createHash } from "node:crypto";
import type { ConsentRecord } from "../model/index.ts";
import { askDaemon } from "../net/control-client.ts";
import type { NewConsent, Store } from "../store/index.ts";
import type { Arguments, Person } from "./arguments.ts";

/** What the person who gives a name on the command line agrees to; its hash is kept with the record. */
const TEXT = {
  en: `You allow Komainu, on the networks of this machine, to ask every device whether it shows its picture without a
password, and to try the maker's factory login at most twice a day per camera. It keeps no picture and changes nothing.
You may decide about the cameras here; for cameras that a company manages, you have that company's agreement.
Withdraw at any time with: komainu consent --withdraw`,
  ja: `Komainu が、この機械のネットワークで、パスワードなしで映像を出すかをたずね、買ったときのパスワードを
カメラごとに1日2回まで試すことを許可します。映像は残しません。設定は変えません。
許可する方は、ここのカメラについて決める立場にあり、会社が管理するカメラはその会社の了解を得ています。
取り消し: komainu consent --withdraw`,
} as const;

const RUN_HOURS = 24;

/** Permission for this run: L1 and L2 for every device on the on-link subnets, recorded, and withdrawn at the end. */
export async function allowThisRun(store: Store, person: Person): Promise<() => Promise<void>> {
  for (const left of store.state.consents.filter(
    ({ how, revokedAt }) => how === "command-line" && revokedAt === null,
  )) {
    // A run that was killed could not withdraw its own.
    await store.withdrawConsent(left.id, new Date().toISOString());
  }
  const record = await store.giveConsent(consentOf(person, RUN_HOURS * 3600 * 1000, "command-line"));
  return async () => {
    await store.withdrawConsent(record.id, new Date().toISOString());
  };
}

export function consentOf({ person, role }: Person, durationMs: number, how: string): NewConsent {
  const from = new Date();
  return {
    person,
    role,
    levels: ["L1", "L2"],
    devices: "all",
    managers: {},
    from: from.toISOString(),
    until: new Date(from.getTime() + durationMs).toISOString(),
    how,
    textHash: consentTextHash(),
  };
}

export interface PermissionTask {
  readonly options: Arguments;
  /** Exactly one of the two: the running daemon's socket, or the store itself. */
  readonly daemon: string | null;
  readonly store: Store | null;
}

/** `komainu consent`: shows what is allowed; with `--consent` records it, with `--withdraw` takes all of it back. */
export async function askPermission({ options, daemon, store }: PermissionTask): Promise<number> {
  const { language, consent, months } = options;
  if (options.withdraw) {
    const valid = (await records(daemon, store)).filter(({ revokedAt }) => revokedAt === null);
    for (const { id } of valid) {
      if (daemon) await expectOk(askDaemon(daemon, "DELETE", `/api/v1/consents/${encodeURIComponent(id)}`));
      else await store?.withdrawConsent(id, new Date().toISOString());
    }
  }
  if (consent) {
    process.stdout.write(`${TEXT[language]}\n\n`);
    const body = {
      ...consent,
      levels: ["L1", "L2"],
      managers: {},
      months,
      how: "command-line-recorded",
      textHash: consentTextHash(),
    };
    if (daemon) await expectOk(askDaemon(daemon, "POST", "/api/v1/consents", body));
    else
      await store?.giveConsent(consentOf(consent, months * 30 * 24 * 3600 * 1000, "command-line-recorded"));
  }
  const now = await records(daemon, store);
  process.stdout.write(options.json ? `${JSON.stringify(now)}\n` : list(now, language));
  return 0;
}

async function records(daemon: string | null, store: Store | null): Promise<readonly ConsentRecord[]> {
  if (store) return store.state.consents;
  const body = await expectOk(askDaemon(daemon ?? "", "GET", "/api/v1/consents"));
  return Array.isArray(body) ? (body as ConsentRecord[]) : [];
}

async function expectOk(asked: ReturnType<typeof askDaemon>): Promise<unknown> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`the daemon did not answer (${answer.reason})`);
  if (answer.value.status >= 300) throw new Error(`the daemon refused (HTTP ${answer.value.status})`);
  return answer.value.body;
}

function list(all: readonly ConsentRecord[], language: "ja" | "en"): string {
  const none = { en: "Nobody has given permission.\n", ja: "許可の記録はありません。\n" };
  if (all.length === 0) return none[language];
  const state = (record: ConsentRecord) => {
    if (record.revokedAt !== null) return { en: "withdrawn", ja: "取り消し済み" }[language];
    return record.until > new Date().toISOString()
      ? { en: "valid", ja: "有効" }[language]
      : { en: "ended", ja: "期限切れ" }[language];
  };
  const day = (at: string) => at.slice(0, 10);
  const rows = all.map((record) => {
    const span = `${day(record.from)} – ${day(record.until)}`;
    return `${record.person}, ${record.role}  ${record.levels.join("+")}  ${span}  ${state(record)}`;
  });
  return `${rows.join("\n")}\n`;
}

/** SHA-256 of the words above, kept with each record. */
export function consentTextHash(): string {
  return createHash("sha256").update(`${TEXT.ja}\n${TEXT.en}`).digest("hex");
}
