import {
  MARKS,
  type Mark,
  type Remaining,
  SETUP_STEPS,
  type SetupBody,
  type SetupCamera,
  type SetupPage,
  type SetupStep,
} from "../../../web-ui/index.ts";
import { isAccepted } from "../../model/index.ts";
import { managerOf } from "./consent.ts";
import type { Entry } from "./directory.ts";
import { dueOf } from "./due.ts";
import { withValues } from "./facts.ts";
import { isOpen } from "./marks.ts";
import { linkOf, type Scene } from "./scene.ts";
import { changedCameras, isDone, scanState, trailOf, validConsents } from "./setup-steps.ts";

export function setupPage(scene: Scene, here: SetupStep): SetupPage {
  return {
    kind: "setup",
    trail: trailOf(scene, here),
    next: SETUP_STEPS[SETUP_STEPS.indexOf(here) + 1] ?? null,
    body: bodyOf(scene, here),
  };
}

function bodyOf(scene: Scene, step: SetupStep): SetupBody {
  const { state, directory } = scene;
  switch (step) {
    case "place":
      return { step, place: state.place ?? "", contact: state.contact ?? "" };
    case "cameras":
      return {
        step,
        cameras: directory.cameras.filter(({ known }) => known !== null).map((entry) => camera(scene, entry)),
        early: directory.cameras.filter(({ known }) => known === null).map(({ name }) => name),
        mayAsk: validConsents(scene).length > 0,
      };
    case "consent": {
      const latest = validConsents(scene).at(-1);
      return {
        step,
        given: latest ? { person: latest.person, role: latest.role, until: latest.until } : null,
        changed: latest ? changedCameras(scene).map(({ name }) => name) : [],
      };
    }
    case "scan":
      return {
        step,
        state: scanState(scene),
        finishedAt: state.lastCompleteScanAt,
        cameras: directory.cameras.map(({ key, id, name }) => ({ key, name, mark: markNow(scene, id) })),
      };
    case "pin":
      return { step, isSet: state.access.pinSet };
    case "end":
      return {
        step,
        unfinished: SETUP_STEPS.filter((one) => one !== "end" && !isDone(scene, one)),
        remaining: remaining(scene),
        handedOverAt: state.access.handedOverAt,
      };
  }
}

function camera(scene: Scene, entry: Entry): SetupCamera {
  const { device, known, name, maker } = entry;
  const { camera: label } = scene.words;
  return {
    key: entry.key,
    name: known?.name ?? "",
    looks: known?.name == null ? name : (maker ?? ""),
    facts: withValues([
      { label: label.addresses, values: device?.addresses ?? [] },
      { label: label.mac, values: [device?.mac ?? ""] },
    ]),
    manager: managerOf(scene, entry),
  };
}

/** What is not settled may still be settled while the check runs; what was found was found. */
function markNow({ state, posture }: Scene, id: string): Mark {
  const mark = posture.states[id] ?? "unknown";
  return state.scanning !== null && (mark === "unknown" || mark === "waiting") ? "checking" : mark;
}

/** What is left to do, the most urgent first: open findings, and cameras of which not all could be checked. */
function remaining(scene: Scene): readonly Remaining[] {
  const now = scene.now.toISOString();
  const found = scene.state.findings
    .filter((finding) => isOpen(finding) && !isAccepted(finding, now))
    .map((finding): Remaining => {
      const { id, mark, title, since } = linkOf(scene, finding);
      const actors = scene.options.catalogue[finding.check].steps[0]?.actors ?? [];
      return { mark, title, href: `/findings/${id}`, actors, due: dueOf(mark, since, now) };
    });
  const things = [...found, ...scene.directory.cameras.flatMap((entry) => gaps(scene, entry, now))];
  const weight = ({ mark }: Remaining) => MARKS.indexOf(mark);
  return things.toSorted((a, b) => weight(a) - weight(b) || day(a).localeCompare(day(b)));
}

function day({ due }: Remaining): string {
  return due === "now" ? "" : due.on;
}

function gaps(scene: Scene, { key, id, name, known }: Entry, now: string): readonly Remaining[] {
  const mark = scene.posture.states[id];
  const words = scene.words.setup.end;
  const due = (of: Mark) => dueOf(of, known?.firstSeen ?? now, now);
  if (mark === "waiting")
    return [{ mark, title: words.permit(name), href: "/consent", actors: ["site"], due: due(mark) }];
  if (mark === "unknown")
    return [
      {
        mark,
        title: words.unsettled(name),
        href: `/cameras/${key}`,
        actors: ["contractor"],
        due: due(mark),
      },
    ];
  return [];
}
