import {
  type Answer,
  causeOf,
  type Device,
  type Evidence,
  type Facts,
  type Fields,
  failure,
  type NotAskedReason,
  type OnProgress,
  QUESTION_IDS,
  type QuestionId,
  type Traffic,
  type VendorFile,
} from "../model/index.ts";
import { DeviceLine, fieldsFrom, type LoginBudget, levelOf, PROBES, questionsFor } from "../probes/index.ts";

/** A device that answers slowly may hold up its own verdict, not the scan. */
const DEVICE_DEADLINE_MS = 45_000;
const MAX_ADDRESSES_TRIED = 3;

export interface DeviceAudit {
  readonly device: Device;
  readonly evidence: Evidence;
  readonly traffic: Traffic;
}

export interface DeviceAuditOptions {
  readonly mayAsk: (device: Device) => boolean;
  readonly budgetFor: (device: Device) => LoginBudget;
  readonly vendorOf: (device: Device) => VendorFile | null;
  /** Identifies anew with what the probes saw. */
  readonly reidentify: (device: Device, fields: Fields) => Device;
  /** Only these questions (a recheck); all when missing. */
  readonly only?: ReadonlySet<QuestionId>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly onProgress: OnProgress;
}

/**
 * Puts every question that consent and kind allow to one device, in order, each within its own deadline. The kind is
 * looked at again before each question, because an unknown device may turn out to be a camera on the way.
 */
export async function auditDevice(found: Device, options: DeviceAuditOptions): Promise<DeviceAudit> {
  const deadline = AbortSignal.any([options.signal, AbortSignal.timeout(DEVICE_DEADLINE_MS)]);
  const [first = "", ...others] = addressesToAsk(found);
  let line = new DeviceLine(first, deadline);
  let device = found;
  let evidence: Evidence = {};
  let last: QuestionId | null = null;
  for (const question of QUESTION_IDS) {
    if (options.only && !options.only.has(question)) continue;
    const because = refusal(question, device, evidence, options, deadline);
    if (because !== null) {
      evidence = { ...evidence, [question]: { asked: false, because } };
      continue;
    }
    progress(question, QUESTION_IDS.indexOf(question), device, options);
    last = question;
    const context = {
      device,
      line,
      vendor: options.vendorOf(device),
      evidence,
      budget: options.budgetFor(device),
      ownAddresses: device.addresses.map(({ address }) => address),
    };
    let answer = await ask(question, context, options, device.id);
    while (question === "ports" && others.length > 0 && isAllSilent(answer)) {
      line = new DeviceLine(others.shift() ?? "", deadline);
      answer = await ask(question, { ...context, line }, options, device.id);
    }
    evidence = { ...evidence, [question]: { asked: true, at: options.now().toISOString(), answer } };
    device = options.reidentify(device, fieldsFrom(evidence));
  }
  // What is left over does not apply to this device, or may not be asked: it is done with.
  if (last) progress(last, QUESTION_IDS.length, device, options);
  return { device, evidence, traffic: line.traffic };
}

function refusal(
  question: QuestionId,
  device: Device,
  evidence: Evidence,
  options: DeviceAuditOptions,
  deadline: AbortSignal,
): NotAskedReason | null {
  if (!questionsFor(device.kind, evidence).includes(question)) return "not-applicable";
  if (levelOf(question) !== "L0" && !options.mayAsk(device)) return "no-consent";
  if (options.signal.aborted) return "cancelled";
  return deadline.aborted ? "deadline" : null;
}

/** A probe's exception is our bug: it becomes this question's answer with its cause, and the other questions go on. */
async function ask<Q extends QuestionId>(
  question: Q,
  context: Parameters<(typeof PROBES)[Q]["ask"]>[0],
  options: DeviceAuditOptions,
  deviceId: string,
): Promise<Answer<Facts[Q]>> {
  const probe = PROBES[question];
  try {
    return (await probe.ask(context)) as Answer<Facts[Q]>;
  } catch (error) {
    const cause = causeOf(error);
    options.onProgress({
      type: "trouble",
      deviceId,
      where: question,
      cause,
      at: options.now().toISOString(),
    });
    return failure("error", cause);
  }
}

/** Told before a question is put, so that whoever looks on sees what is being asked now. */
function progress(question: QuestionId, done: number, device: Device, options: DeviceAuditOptions): void {
  options.onProgress({
    type: "question",
    deviceId: device.id,
    question,
    done,
    total: QUESTION_IDS.length,
    at: options.now().toISOString(),
  });
}

/**
 * IPv4, because old cameras answer more of their doors there; without it the first IPv6 address. Where there are
 * several, one may be from before the device moved, which the kernel still remembers: nobody answers there.
 */
function addressesToAsk({ addresses }: Device): readonly string[] {
  const all = addresses.map(({ address }) => address);
  const ipv4 = all.filter((address) => !address.includes(":"));
  return ipv4.length > 0 ? ipv4.slice(0, MAX_ADDRESSES_TRIED) : all.slice(0, 1);
}

function isAllSilent(answer: Answer<Facts[QuestionId]>): boolean {
  return (
    answer.ok &&
    "states" in answer.value &&
    Object.values(answer.value.states).every((state) => state === "silent")
  );
}
