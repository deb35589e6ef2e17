import {
  CAMERA_STATES,
  type CameraState,
  type Exposure,
  type Finding,
  isCameraKind,
  isSameDevice,
  type KnownDevice,
  localDay,
  posture,
  postureCamera,
  type Report,
  type StateChange,
} from "../model/index.ts";

/** A year and the month that is going on. */
const KEEP_DAYS = 400;

type HistoryEvent = Readonly<Record<string, unknown>>;

/**
 * How the cameras stood over the last year, read once from the history and then kept up to date. The history holds one
 * line a day on which a check ended, and one line for each change of a camera's state.
 */
export class ExposureLog {
  readonly #days: string[] = [];
  readonly #changes = new Map<string, StateChange[]>();

  constructor(history: readonly HistoryEvent[]) {
    for (const event of history) this.#add(event);
  }

  get view(): Exposure {
    return { days: this.#days, changes: Object.fromEntries(this.#changes) };
  }

  /** Takes in what a report says, and gives the lines that the history lacks. `whole` = a complete scan has ended. */
  update(
    report: Report,
    known: readonly KnownDevice[],
    findings: readonly Finding[],
    whole: boolean,
  ): readonly HistoryEvent[] {
    const at = report.finishedAt;
    const events: HistoryEvent[] = [];
    const day = localDay(new Date(at));
    if (whole && this.#days.at(-1) !== day) events.push({ at, event: "day-checked", day });
    for (const [device, state] of statesOf(report, known, findings)) {
      if (this.#changes.get(device)?.at(-1)?.state !== state)
        events.push({ at, event: "camera-state", device, state });
    }
    for (const event of events) this.#add(event);
    return events;
  }

  #add({ at, event, day, device, state }: HistoryEvent): void {
    if (event === "day-checked" && typeof day === "string" && /^\d{4}-\d\d-\d\d$/.test(day)) {
      if (!this.#days.includes(day)) this.#days.push(day);
      if (this.#days.length > KEEP_DAYS) this.#days.shift();
    }
    if (
      event !== "camera-state" ||
      typeof at !== "string" ||
      Number.isNaN(Date.parse(at)) ||
      typeof device !== "string"
    )
      return;
    const known = CAMERA_STATES.find((one) => one === state);
    if (!known) return;
    const mine = this.#changes.get(device) ?? [];
    mine.push({ at, state: known });
    // The state before the year began is the one with which it began.
    const oldest = new Date(Date.parse(at) - KEEP_DAYS * 86_400_000).toISOString();
    while (mine.length > 1 && (mine[1]?.at ?? "") < oldest) mine.shift();
    this.#changes.set(device, mine);
  }
}

/** Every camera in use with its state of now, whether it answered or not. */
function statesOf(
  report: Report,
  known: readonly KnownDevice[],
  findings: readonly Finding[],
): readonly (readonly [string, CameraState])[] {
  const cameras = known
    .filter(({ kind, retired }) => isCameraKind(kind) && !retired)
    .map((one) => {
      const device = report.devices.find((seen) => isSameDevice(seen, one));
      return postureCamera(one, device?.outcomes ?? [], findings, report.finishedAt);
    });
  const { states } = posture({
    now: report.finishedAt,
    lastCompleteScanAt: report.finishedAt,
    scanRunning: null,
    consentGiven: true,
    cameras,
    siteOutcomes: [],
  });
  return Object.entries(states);
}
