import {
  type CheckInput,
  type Door,
  doorName,
  type Evidence,
  factOf,
  type PictureFact,
  type QuestionId,
  type ViewResult,
} from "../model/index.ts";
import {
  defineCheck,
  fail,
  gapIn,
  type Judgement,
  notApplicable,
  notChecked,
  pass,
  unknown,
} from "./outcomes.ts";
import { type Because, knownReason } from "./reasons.ts";
import { exposureOf } from "./ways.ts";

const QUESTIONS: readonly QuestionId[] = ["pictures", "rtsp", "onvif"];
/** IANA's rtsp and rtsp-alt. */
const RTSP_PORTS = [554, 8554];

/** Everything that one door answered about showing pictures without a login. */
interface DoorView {
  readonly door: Door;
  readonly results: ViewResult[];
  readonly open: string[];
  readonly doubts: Because[];
}

export const openLiveView = defineCheck({
  id: "open-live-view",
  severity: "high",
  level: "L1",
  kinds: ["camera", "recorder", "unknown"],
  questions: QUESTIONS,
  text: {
    title: {
      ja: "「{cam}」の映像が、パスワードなしで見られます",
      en: '"{cam}" can be watched without a password',
    },
    why: {
      ja: "パスワードを知らなくても、このカメラが映像を出すことを確認しました。映像の中身は見ていません。記録もしていません。",
      en: "We confirmed that this camera offers its video to people who know no password. We did not look at the picture and kept nothing of it.",
    },
    whoCanSee: {
      ja: "少なくとも、この建物のネットワークにつながる人はだれでも見られます。外から中へ通す設定があれば、インターネットのだれでも見られます。",
      en: "At least everyone on this building's network. If a path from outside leads to it, everyone on the internet.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "すぐに直せないときは、このカメラの電源を切る。",
          en: "If it cannot be mended now, switch this camera off.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "見るときに必ずパスワードを求める設定にする（Web・RTSP・ONVIF・静止画のすべて）。",
          en: "Require a login for viewing at every door: web pages, RTSP, ONVIF and still pictures.",
        },
        menu: "requireLogin",
      },
      {
        actors: ["site"],
        text: {
          ja: "ほかで使っていない長いパスワードを決め、紙に書いて金庫などにしまう。",
          en: "Choose a long password used nowhere else. Write it on paper and lock it away.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.2", "総務省 (MIC) 2025-12-23 (1)", "JC-STAR S1.1-01"],
  },
  judge(input) {
    const views = doorViews(input.evidence);
    const gap = gapIn(input.evidence, QUESTIONS);
    if (views.some((view) => view.open.length > 0))
      return [...views.map((view) => judgeDoor(view, input)), ...(gap === null ? [] : [gap])];
    if (input.device.kind === "unknown") {
      // Whatever nobody was allowed to ask may be a camera.
      const { ports } = input.evidence;
      const unasked = ports !== undefined && !ports.asked && ports.because !== "not-applicable";
      return [unasked ? notChecked(ports.because) : notApplicable("other-kind")];
    }
    if (gap !== null) return [gap];
    if (views.length === 0) return [unknown("no-door")];
    const judged = views.map((view) => judgeDoor(view, input));
    const doubt = judged.find(({ because }) => because !== undefined && because !== "no-view-found");
    const decisive = doubt ?? judged.find(({ outcome }) => outcome === "pass") ?? unknown("no-view-found");
    return [{ ...decisive, subject: "", evidence: views.map(summary) }];
  },
});

/** Once one door is open each gets its own word, so that mending one is seen while another stays open. */
function judgeDoor(view: DoorView, { site, device }: CheckInput): Judgement {
  const subject = doorName(view.door);
  if (view.open.length > 0) {
    const { severity, audience, paths, lines } = exposureOf(site, device, view.door, "high");
    const anyPassword = view.results.every((result) => result !== "open");
    return fail({
      subject,
      severity,
      audience,
      evidence: [...view.open, ...lines],
      paths,
      ...(anyPassword ? { because: "any-password" } : {}),
    });
  }
  const doubt = doubtOf(view);
  if (doubt !== null) return unknown(doubt, { subject, evidence: [summary(view)] });
  return view.results.includes("protected")
    ? pass({ subject, evidence: [summary(view)] })
    : unknown("no-view-found", { subject, evidence: [summary(view)] });
}

/**
 * Why a door without an open view is not settled. A web server need not have pictures, so paths that are absent there
 * prove nothing bad; an RTSP server is there to give a stream, so if all paths are absent we asked for the wrong ones.
 */
function doubtOf(view: DoorView): Because | null {
  const [doubt] = view.doubts;
  if (doubt !== undefined) return doubt;
  const absent = view.results.every((result) => result === "absent");
  return view.door.protocol === "rtsp" && absent ? "no-stream-path" : null;
}

function summary(view: DoorView): string {
  const counts = new Map<string, number>();
  for (const result of view.results) counts.set(result, (counts.get(result) ?? 0) + 1);
  const words = [...counts].map(([result, count]) => `${result} ${count}`);
  return `${doorName(view.door)}: ${words.join(", ") || "not asked"}`;
}

function doorViews(evidence: Evidence): readonly DoorView[] {
  const views = new Map<string, DoorView>();
  const viewOf = (door: Door): DoorView => {
    const view = views.get(doorName(door)) ?? { door, results: [], open: [], doubts: [] };
    views.set(doorName(door), view);
    return view;
  };
  const add = (door: Door, result: ViewResult, because: string | null, line: string) => {
    const view = viewOf(door);
    view.results.push(result);
    if (result === "open") view.open.push(line);
    if (result === "unclear") view.doubts.push(knownReason(because));
  };
  for (const picture of factOf(evidence, "pictures")?.asked ?? [])
    add(
      picture.door,
      isUnfulfilled(picture) ? "unclear" : picture.result,
      picture.because,
      `${doorName(picture.door)} ${picture.path}: ${picture.status ?? "-"} ${picture.mediaType ?? ""} (${picture.signature})`,
    );
  const rtsp = factOf(evidence, "rtsp");
  for (const { door, describes } of rtsp?.doors ?? []) {
    for (const { path, result, status, media, because } of describes)
      add(door, result, because, `${doorName(door)} DESCRIBE ${path}: ${status ?? "-"} ${media.join(", ")}`);
  }
  if (rtsp !== null) addUnaskedRtsp(evidence, viewOf);
  addAnyPassword(evidence, viewOf);
  return [...views.values()];
}

/** The device itself named this path for its picture: neither a picture nor a refusal there settles nothing. */
function isUnfulfilled({ origin, result }: PictureFact): boolean {
  return origin === "onvif" && result === "absent";
}

/** A port that is open and made for streams, but brought no answer about one. */
function addUnaskedRtsp(evidence: Evidence, viewOf: (door: Door) => DoorView): void {
  const states = factOf(evidence, "ports")?.states ?? {};
  for (const port of RTSP_PORTS.filter((port) => states[port] === "open")) {
    const view = viewOf({ protocol: "rtsp", port });
    if (view.results.length === 0) view.doubts.push("door-not-asked");
  }
}

/**
 * A door that keeps its pictures behind a login, and then takes any password, shows them to everybody. Where no
 * picture was refused before, a password that is taken proves nothing about pictures.
 */
function addAnyPassword(evidence: Evidence, viewOf: (door: Door) => DoorView): void {
  for (const { door, result, scheme } of factOf(evidence, "logins")?.doors ?? []) {
    if (result !== "open-view" || door.protocol === "onvif") continue;
    const view = viewOf(door);
    if (view.results.includes("protected"))
      view.open.push(`${doorName(door)}: a made-up password was accepted (${scheme ?? "-"})`);
    else view.doubts.push("any-password");
  }
}
